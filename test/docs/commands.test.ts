import assert from 'node:assert/strict'
import { accessSync, constants, globSync, readFileSync } from 'node:fs'

const makefile = readFileSync('Makefile', 'utf8')
const targets = [...makefile.matchAll(/^([a-z][a-z-]*):(?!=)/gm)].map(([, name]) => name!)
const inputs = /^INPUTS := ((?:.*\\\n)*.*)$/m.exec(makefile)![1]!.split(/[\s\\]+/)

/** What speaks to a user: the guides, and everything that prints messages. The list of capabilities tells wishes, too. */
const files = globSync([
  'README.md',
  '.make.example',
  'Makefile',
  'buildspec.yml',
  '*.ts',
  'docs/**/*.md',
  'scripts/**/*.ts',
  'demo/*.ts',
  'setup/*',
  'cloudformation/**/*.yaml',
  'packer/**/*.{hcl,yaml,sh}',
  'rehearsal/**/*.py',
])
  .filter((file) => file !== 'docs/capabilities.md' && file !== 'setup/go' && !file.startsWith('rehearsal/tests/'))
  .sort()

type Found = { readonly where: string; readonly command: string }

/** A command stands at the beginning of a line of a guide's code, after a quote or a backtick, or after a colon. */
const found = (pattern: RegExp): Found[] =>
  files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        /\bfrom '|\bimport\(/.test(line)
          ? []
          : [...line.matchAll(pattern)].map(([command]) => ({ where: `${file}:${index + 1}`, command })),
      ),
  )

const wrong = (all: readonly Found[], isKnown: (command: string) => boolean): string[] =>
  all.filter(({ command }) => !isKnown(command)).map(({ where, command }) => `${where}: ${command}`)

describe('commands in guides and messages', () => {
  it('that begin with make name targets of the Makefile, and variables that it hands on', () => {
    const all = found(/(?<=^|[`'"]|: |\b[Rr]un |\bthen )make [a-z][a-z-]*(?: [A-Z_]+=[^\s`'"]*)*/g)
    assert.ok(all.length > 100)
    const isKnown = (command: string): boolean => {
      const [, target = '', ...words] = command.split(' ')
      // `make status-${noun}`: the rest is put in when it is printed.
      const there = target.endsWith('-') ? targets.some((name) => name.startsWith(target)) : targets.includes(target)
      return there && words.every((word) => inputs.includes(word.split('=')[0]!))
    }
    assert.deepEqual(wrong(all, isKnown), [])
  })

  it('that begin with node take the one that setup installs, since an older one knows no TypeScript', () => {
    const all = found(/[\w./-]*\bnode (?:-\S+ )*[\w./-]+\.ts\b/g)
    assert.ok(all.length > 0)
    const isKnown = (command: string): boolean => {
      const [node, script] = [command.split(' ')[0], command.split(' ').at(-1)!]
      return node === 'node_modules/.bin/node' && files.includes(script)
    }
    assert.deepEqual(wrong(all, isKnown), [])
  })

  it('that begin with ./ are files that can be run', () => {
    const isKnown = (command: string): boolean => {
      try {
        accessSync(command, constants.X_OK)
        return true
      } catch {
        return false
      }
    }
    const begins = /(?<=[`'"\s])\.\/[A-Za-z][\w./-]*/g
    // What packer/ runs, it runs on the machine that is baked.
    const here = found(begins).filter(({ where }) => !where.startsWith('packer/'))
    assert.deepEqual(wrong(here, isKnown), [])
    assert.equal('Run ./create-riglet.ts now'.match(begins)?.filter(isKnown).length, 0)
  })

  it('that a person types to AWS in a message carry region and profile', () => {
    const messages = files.filter((file) => /^scripts\/(?:core\/.*errors\.ts$|actions\/)/.test(file))
    const bare = messages.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(/\baws (?:cloudformation|ec2|codepipeline|codebuild|s3|kms) [a-z-]+/g),
      ].map(([command]) => `${file}: ${command}`),
    )
    assert.deepEqual(bare, [])
  })
})
