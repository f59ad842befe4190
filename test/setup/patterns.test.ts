import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { patternsOnText, programOf } from './support/patterns.ts'

const root = resolve(import.meta.dirname, '../..')
/** Files whose form is no YAML, HCL or JSON, by the name under which they are read. */
const otherForms = /^\.make$/

/** What may take a text apart all the same, and why. Whatever is not needed any more has to go. */
const allowed: Readonly<Record<string, string>> = {
  'scripts/core/json.ts': 'counts the lines up to a fault that the parser found',
  'scripts/core/yaml/conflict-marks.ts': 'lines that git left, which are of no form',
  'scripts/core/cleaning/named-images.ts': 'what no parser takes, such as a half-done merge, holds its images, too',
  'scripts/core/image/junit.ts': 'XML, which goss writes',
  'scripts/core/access/profiles.ts': 'the INI form of ~/.aws/config',
  'scripts/aws/access/credentials.ts': 'looks for a profile in the same',
  'scripts/io/trust.ts': 'PEM',
  'scripts/core/tracker/tracker.ts': 'the form of a tracker: a package a line',
  'scripts/core/feeds/feed.ts': 'versions that stand in a tracker',
  'demo/factory/consumers.ts': 'Markdown, in which the policy of a role stands',
  'demo/source.ts': 'writes a version into HCL',
}

describe('texts of files (acceptance: no RegExp reads YAML, HCL or JSON)', function () {
  this.timeout(180_000)

  it('are parsed, and never taken apart by their looks', () => {
    const files = globSync(['scripts/**/*.ts', 'demo/**/*.ts', '*.ts'], { cwd: root }).map((file) => join(root, file))
    const found = patternsOnText(programOf(files), root, otherForms)
    assert.deepEqual(
      found.filter(({ file }) => !(file in allowed)).map(({ file, line, code }) => `${file}:${line}: ${code}`),
      [],
    )
    assert.deepEqual(
      Object.keys(allowed).filter((file) => !found.some((use) => use.file === file)),
      [],
    )
  })

  it('are parsed by what the shell runs, too', () => {
    const scripts = [
      'Makefile',
      'buildspec.yml',
      'buildspec-verify.yml',
      'buildspec-configure.yml',
      'buildspec-publish.yml',
      ...globSync('setup/*', { cwd: root }),
    ]
    const pattern = /\b(?:sed|awk|grep|cut|perl)\b[^|;&]*[\w*/"'}]\.(?:ya?ml|json|hcl)\b/
    for (const file of scripts.filter((name) => !name.endsWith('/go')))
      for (const line of readFileSync(join(root, file), 'utf8').split('\n')) assert.doesNotMatch(line, pattern, file)
  })

  describe('which this test finds', () => {
    const ports = 'type Files = { read: (path: string) => Promise<string> }\nexport declare const files: Files\n'
    const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
      [
        'where one is handed to a function of another file',
        {
          'rule.ts': 'export const defaultsIn = (template: string) => /^Parameters:/m.exec(template)?.[0]\n',
          'use.ts':
            "import { files } from './ports.ts'\nimport { defaultsIn } from './rule.ts'\nconst text = await files.read('a.yaml')\nexport const found = defaultsIn(text)\n",
        },
        ['rule.ts:1'],
      ],
      [
        'where it travels as a member of a value',
        {
          'stack.ts':
            "import { files } from './ports.ts'\nexport type Stack = { name: string; template: string }\nconst want = async (): Promise<Stack> => ({ name: 'x', template: await files.read('a.yaml') })\nexport const lines = ({ template }: Stack) => template.split('\\n')\nexport const made = lines(await want())\n",
        },
        ['stack.ts:4'],
      ],
      [
        'where it is one of several results, and where its lines are looked at',
        {
          'many.ts':
            "import { files } from './ports.ts'\nconst [name, text] = await Promise.all([Promise.resolve('a b'), files.read('a.hcl')])\nexport const words = name.split(' ')\nfor (const line of text.trim().split('\\n')) /=/.test(line)\n",
        },
        ['many.ts:4', 'many.ts:4'],
      ],
      [
        'but not what was parsed, nor another format',
        {
          'parsed.ts':
            "import { files } from './ports.ts'\nexport const id = (JSON.parse(await files.read('a.json')) as { id: string }).id.split('-')\nexport const lines = (await files.read('.make')).split('\\n')\n",
        },
        [],
      ],
    ]
    for (const [title, sources, expected] of cases)
      it(title, () => {
        const folder = mkdtempSync(join(tmpdir(), 'patterns-'))
        try {
          const all = Object.entries({ 'ports.ts': ports, ...sources })
          for (const [name, text] of all) writeFileSync(join(folder, name), text)
          const program = programOf(all.map(([name]) => join(folder, name)))
          const found = patternsOnText(program, folder, otherForms)
          assert.deepEqual(found.map(({ file, line }) => `${file}:${line}`).sort(), [...expected].sort())
        } finally {
          rmSync(folder, { recursive: true })
        }
      })
  })
})
