import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeGit } from '../../../scripts/io/git/git.ts'
import { makeProcesses } from '../../../scripts/io/processes.ts'

describe('what another repository has under a name', function () {
  this.timeout(20_000)
  const folder = mkdtempSync(join(tmpdir(), 'riglet-refs-'))
  const url = `file://${folder}`
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-C', folder, ...words], {
      encoding: 'utf8',
    }).trim()
  const { refsOf } = makeGit(makeProcesses(tmpdir(), new AbortController().signal), tmpdir())

  before(() => {
    git('init', '-q', '-b', 'main')
    git('commit', '-q', '--allow-empty', '-m', 'Begin')
    git('tag', 'plain')
    git('tag', '-a', '-m', 'Release', 'v1.4.2')
    git('commit', '-q', '--allow-empty', '-m', 'Go on')
    git('branch', 'team/refs/heads/main', 'v1.4.2')
  })
  after(() => rmSync(folder, { recursive: true }))

  it('is the head of a branch, whatever other names end in the same words', async () => {
    const refs = await refsOf(url, ['refs/heads/main', 'refs/tags/main'])
    assert.deepEqual([...refs], [['refs/heads/main', git('rev-parse', 'main')]])
  })

  it('is the commit of a tag, also where the tag is an object of its own', async () => {
    const refs = await refsOf(url, ['refs/tags/plain', 'refs/tags/v1.4.2'])
    const commit = git('rev-parse', 'v1.4.2^{commit}')
    assert.deepEqual(
      [...refs],
      [
        ['refs/tags/plain', commit],
        ['refs/tags/v1.4.2', commit],
      ],
    )
  })

  it('is nothing where it has none of that name', async () =>
    assert.deepEqual([...(await refsOf(url, ['refs/heads/gone']))], []))

  for (const [what, address] of [
    ['that is not there', `${url}-gone`],
    ['that git would reach by a program', `ext::git-upload-pack ${folder}`],
    ['that looks like an option', '--upload-pack=false'],
  ] as const)
    it(`is an error in a repository ${what}`, () =>
      assert.rejects(refsOf(address, ['refs/heads/main']), { code: 'TOOL_FAILED', message: /^git ls-remote failed: / }))
})
