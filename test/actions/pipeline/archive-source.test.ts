import assert from 'node:assert/strict'
import { archiveSource } from '../../../scripts/actions/pipeline/archive-source.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { Tree, TreeEntry, TreeFault } from '../../../scripts/core/source/tree.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'

const commit = { id: '9f3c2e1a', message: 'Ship it', author: 'a', time: 't' }
const tree = (...entries: readonly TreeEntry[]): Tree => ({ entries, faults: [], reached: ['shared/ca'] })
const file = (path: string): TreeEntry => ({ type: 'file', path, mode: 0o644, digest: path })

/** A checkout in which `here` stands, of which an archive brings `sent` and not `missing`. */
function world(here: Tree, sent: Tree, missing: readonly TreeFault[] = [], ...answers: readonly string[]) {
  const terminal = answering(...answers)
  const looked: string[] = []
  const ports = {
    terminal,
    files: { ...fakeFiles(), tree: () => Promise.resolve(here) },
    git: {
      changed: () => Promise.resolve(['packer/web/told/']),
      archive: (_commit: unknown, _path: string, folders: readonly string[]) => {
        looked.push(...folders)
        return Promise.resolve({ missing, sent })
      },
    },
  } as unknown as Ports
  return { terminal, looked, go: () => archiveSource(commit, 'out/source.zip', ports) }
}
const submodule = (path: string): TreeFault => ({
  path,
  what: 'is a submodule',
  remedy: `git submodule update ${path}`,
})

describe('archiving what is pushed', () => {
  it('goes on without a word where a build gets what stands here', async () => {
    const same = tree(file('packer/web/a'))
    const { go, terminal, looked } = world(tree(file('packer/web/a'), file('packer/web/told/b')), same)
    assert.equal(await go(), true)
    assert.deepEqual([terminal.said, looked], [[], ['packer', 'shared/ca']])
  })

  it('refuses what Packer would miss, all of it at once, with the remedies', async () => {
    const missing = [submodule('packer/web/vendor'), submodule('shared'), submodule('docs/theme')]
    const { go } = world(tree(), tree(), missing)
    await assert.rejects(go(), (error: RigletError) => {
      assert.equal(error.code, 'FILE')
      const lines = ['packer/web/vendor is a submodule', 'shared is a submodule'].map((line) => `\n  ${line}`)
      assert.equal(error.message, `9f3c2e1 cannot be pushed whole:${lines.join('')}`)
      assert.equal(error.remedy, 'git submodule update packer/web/vendor\ngit submodule update shared')
      return true
    })
  })

  it('only tells what no image is made of', async () => {
    const { go, terminal } = world(tree(), tree(), [submodule('docs/theme')])
    assert.equal(await go(), true)
    assert.deepEqual(terminal.said, [
      'Not pushed, and no image is made of it:\n  docs/theme is a submodule\ngit submodule update docs/theme',
    ])
  })

  it('tells what git says nothing of, and asks', async () => {
    const here = tree(file('packer/web/app.jar'))
    for (const [answer, goes] of [
      ['yes', true],
      ['no', false],
    ] as const) {
      const { go, terminal } = world(here, tree(), [], answer)
      assert.equal(await go(), goes)
      assert.match(
        terminal.said.join(),
        /^A build does not get what stands here:\n {2}packer\/web\/app\.jar is not in the/,
      )
      assert.deepEqual(terminal.asked, ['Push the last commit (9f3c2e1) as it is?'])
    }
    await assert.rejects(world(here, tree()).go(), ({ code }: RigletError) => code === 'NOT_CONFIRMED')
  })

  it('tells what a build would refuse', async () => {
    const faults = [{ path: 'packer/web/a', what: 'is a link that leads to nothing', remedy: 'ls' }]
    const { go, terminal } = world(tree(), { ...tree(), faults }, [], 'no')
    assert.equal(await go(), false)
    assert.match(terminal.said.join(), /packer\/web\/a is a link that leads to nothing/)
  })
})
