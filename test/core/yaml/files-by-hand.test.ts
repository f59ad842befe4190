import assert from 'node:assert/strict'
import { readExpected } from '../../../scripts/core/drift/read-expected.ts'
import { readEnvironments } from '../../../scripts/core/environments/read-environments.ts'
import { readGroups } from '../../../scripts/core/groups/read-groups.ts'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { readManifest } from '../../../scripts/core/manifest/read-manifest.ts'
import { failureOf } from '../../support/failure.ts'

/** Of each file that people write: how it is read, and a text without a fault. */
const files: Readonly<Record<string, { readonly read: (text: string) => unknown; readonly good: string }>> = {
  'environments.yaml': { read: readEnvironments, good: 'environments:\n  staging: {}\n' },
  'expected-drift.yaml': { read: readExpected, good: '# none\nexpected: []\n' },
  'manifests/groups.yaml': { read: readGroups, good: '# none\ngroups: {}\n' },
  'manifests/images.json': { read: (text) => readManifest(text), good: '{\n  "web": {}\n}\n' },
  'manifests/images.yaml': { read: readDesired, good: 'images:\n  web: {}\n' },
}

const refusal = (read: (text: string) => unknown, text: string) =>
  failureOf(Promise.resolve(text).then((said) => read(said)))

const after = (text: string, line: number, more: readonly string[]): string => {
  const lines = text.split('\n')
  return [...lines.slice(0, line), ...more, ...lines.slice(line)].join('\n')
}

const whole = ['<<<<<<< HEAD', '=======', '>>>>>>> other']
const withBase = ['<<<<<<< HEAD', '||||||| 1234567', '=======', '>>>>>>> other']

/** Lines of aliases, each of which stands for ten of the one before. */
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghij'].map(
    (name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(', ')}]`,
  ),
].join('\n')

const nested = [
  ['brackets without end', '['.repeat(6_000), /nested too deeply/],
  ['brackets that end', '['.repeat(6_000) + ']'.repeat(6_000), /nested too deeply|must be an object/],
] as const

for (const [file, { read, good }] of Object.entries(files))
  describe(`${file}, edited by hand`, () => {
    for (const [what, lines] of [
      ['all marks', whole],
      ['those of merge.conflictStyle=diff3', withBase],
      ['marks without a name', ['<<<<<<<', '=======', '>>>>>>>']],
      ['marks in a file of Windows', whole.map((line) => `${line}\r`)],
      ...[...whole, '||||||| 1234567'].map((line) => [`${line} alone, the others taken away`, [line]] as const),
    ] as const)
      it(`names the lines of a merge that was not finished, and the way out: ${what}`, async () => {
        const { code, message, remedy } = await refusal(read, after(good, 1, lines))
        assert.match(code, /^(?:FILE|SETTINGS)$/)
        const told = message.split('\n').slice(1)
        assert.equal(told.length, lines.length)
        for (const [index, line] of told.entries())
          assert.match(
            line,
            new RegExp(`^  ${file}:${index + 2}:1: a merge was not finished: .* \\(git's conflict mark\\)$`),
          )
        assert.match(remedy, new RegExp(`^Nothing was changed. Finish the merge: .* git add ${file}$`))
      })

    it('takes lines as Windows ends them', async () => {
      assert.deepEqual(await read(good.replaceAll('\n', '\r\n')), await read(good))
    })

    for (const [what, text, told] of [
      ['a key that every object has', '{"__proto__": {"polluted": 1}}', /:1:2: __proto__ is not /],
      // The files of YAML share a reader, which runs out of stack here: that takes a second, and one of them is enough.
      ...(file.endsWith('.json') || file === 'environments.yaml' ? nested : []),
    ] as const)
      it(`refuses ${what}, and comes to no harm`, async () => {
        const { message } = await refusal(read, text)
        assert.ok(message.includes(file), message)
        assert.match(message, told)
        assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
      })
  })

describe('a file of YAML, edited by hand', () => {
  for (const [file, { read, good }] of Object.entries(files).filter(([name]) => name.endsWith('.yaml'))) {
    it(`may begin with the mark of an editor: ${file}`, async () => {
      assert.deepEqual(await read(`\uFEFF${good}`), await read(good))
    })

    for (const [what, text, told] of [
      [
        'aliases that stand for millions',
        bomb,
        /:2:8: its aliases \(\*\) stand for too much: write out what they mean$/,
      ],
      ['a tab', 'a:\n\tb: {}\n', /:2:1: Tabs are not allowed as indentation$/],
      [
        'a second document',
        'a: {}\n---\nb: {}\n',
        /:2:1: a second document begins here, and only one may stand in the file$/,
      ],
      ['a type of a language', 'a: !!js/function "x"\n', /:1:4: Unresolved tag/],
    ] as const)
      it(`names the place of ${what}: ${file}`, async () => {
        const { message } = await refusal(read, text)
        assert.match(message, new RegExp(`^  ${file}${told.source}`, 'm'))
      })
  }
})

describe('the manifest, edited by hand', () => {
  for (const [what, text, told] of [
    [
      'the mark of an editor',
      '\uFEFF{}',
      ':1:1: it is not JSON: it begins with a byte-order mark; save it as UTF-8 without one',
    ],
    ['what was cut off', '{"web": {', ':1:10: it is not JSON: close brace expected'],
    ['nothing', '', ':1:1: it is not JSON: it is empty'],
  ] as const)
    it(`names the place of ${what}, and says that git has what stood there before`, async () => {
      const { message, remedy } = await refusal(files['manifests/images.json']!.read, text)
      assert.equal(message, `manifests/images.json${told}`)
      assert.match(remedy, /^Nothing was changed\. .*git has what stood there before\.$/)
    })
})
