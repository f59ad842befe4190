import assert from 'node:assert/strict'
import { RigletError } from '../../../scripts/core/errors.ts'
import type { Git } from '../../../scripts/core/ports/local/git.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { withManifests } from '../../../scripts/actions/schedule/manifests-of-source.ts'
import { fakeFiles } from '../../fakes/regional.ts'

const version = { type: 'tag', name: 'v1', time: 0, text: '{}' } as const

function job(commit: Readonly<Record<string, string>>, code = 0) {
  const ran: (readonly string[])[] = []
  const ports = {
    files: fakeFiles({ 'manifests/groups.yaml': 'control', 'expected-drift.yaml': 'control' }),
    filesIn: (folder: string) => fakeFiles(folder === '/src-Source' ? commit : {}),
    git: { refsOf: () => Promise.resolve(new Map()) } as Partial<Git> as Git,
    gitIn: (folder: string) =>
      ({
        versionsOf: () => Promise.resolve({ complete: folder === 'out/tags.git', versions: [version] }),
      }) as Partial<Git> as Git,
    processes: {
      run: (command: string, words: readonly string[]) => {
        ran.push([command, ...words])
        return Promise.resolve({ code, stdout: '', stderr: 'no such repository' })
      },
    },
  } as Partial<Ports> as Ports
  return { ports, ran }
}

describe('a job', () => {
  const commit = { 'manifests/groups.yaml': 'commit', 'expected-drift.yaml': 'commit', 'environments.yaml': 'commit' }

  it('sees of a commit its manifests alone; the rest is control’s', async () => {
    const { files } = await withManifests({ SOURCE: '/src-Source' }, job(commit).ports)
    assert.equal(await files.read('manifests/groups.yaml'), 'commit')
    assert.equal(await files.readIfThere('expected-drift.yaml'), 'control')
    assert.equal(await files.readIfThere('environments.yaml'), undefined)
    assert.equal(await files.exists('manifests/images.json'), false)
    assert.equal(await files.readIfThere('manifests/../environments.yaml'), undefined)
  })

  it('reads the manifests of tags where it may clone the repository from (G24)', async () => {
    const { ports, ran } = job(commit)
    const { git } = await withManifests({ SOURCE: '/src-Source', TAGS_URL: 'https://example.com/a.git' }, ports)
    assert.deepEqual(await git.versionsOf('manifests/images.json', new Date(0)), {
      complete: true,
      versions: [version],
    })
    assert.deepEqual(ran, [['git', 'clone', '--quiet', '--bare', '--', 'https://example.com/a.git', 'out/tags.git']])
  })

  it('says what it could not read of tags, and is content where nothing was published', async () => {
    const versionsOf = async (files: Readonly<Record<string, string>>, url = {}, code = 0) => {
      const { git } = await withManifests({ SOURCE: '/src-Source', ...url }, job(files, code).ports)
      return git.versionsOf('manifests/images.json', new Date(0))
    }
    assert.deepEqual(await versionsOf(commit), { complete: true, versions: [] })
    const published = { ...commit, 'manifests/images.json': '{}' }
    const told = (words: RegExp) => (error: unknown) => error instanceof RigletError && words.test(error.message)
    await assert.rejects(versionsOf(published), told(/a job has no clone of the repository/))
    const url = { TAGS_URL: 'https://example.com/a.git' }
    await assert.rejects(versionsOf(published, url, 128), told(/a\.git cannot be cloned: no such repository/))
  })

  it('is nothing that a person’s own run is: there all files are the checkout’s', async () => {
    const { ports } = job(commit)
    assert.equal(await withManifests({}, ports), ports)
  })
})
