import assert from 'node:assert/strict'
import { chmod, link, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RigletError } from '../../scripts/core/errors.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeFiles } from '../../scripts/io/files.ts'
import { makeGit } from '../../scripts/io/git/git.ts'
import { makeProcesses } from '../../scripts/io/processes.ts'

describe('files, git, processes and clock', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'riglet-io-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('write, list and read below the root', async () => {
    const files = makeFiles(root)
    await files.write('out/deep/b.txt', 'b')
    await files.write('out/a.txt', 'a')
    assert.deepEqual(await files.list('out'), ['a.txt', 'deep/b.txt'])
    assert.equal(await files.read('out/deep/b.txt'), 'b')
    assert.equal(await files.readIfThere('nothing'), undefined)
    assert.deepEqual([await files.exists('out'), await files.exists('nothing')], [true, false])
    assert.deepEqual(await files.list('nothing'), [])
  })

  it('write the whole of a file or nothing: what was there is replaced, not written over (B02)', async () => {
    const files = makeFiles(root)
    const before = join(root, 'as-it-was.json')
    await files.write('images.json', 'old')
    await chmod(join(root, 'images.json'), 0o640)
    await link(join(root, 'images.json'), before)
    await files.write('images.json', 'new')
    assert.deepEqual([await files.read('images.json'), await files.read('as-it-was.json')], ['new', 'old'])
    assert.equal((await stat(join(root, 'images.json'))).mode & 0o777, 0o640)
    assert.deepEqual((await readdir(root)).sort(), ['as-it-was.json', 'images.json'])
    await symlink('images.json', join(root, 'linked.json'))
    await files.write('linked.json', 'newer')
    assert.equal(await files.read('images.json'), 'newer')
  })

  it('list links to files, and not those to folders or to nothing', async () => {
    const files = makeFiles(root)
    await files.write('out/deep/b.txt', 'b')
    for (const [name, target] of Object.entries({ file: 'deep/b.txt', folder: 'deep', nothing: 'gone' }))
      await symlink(target, join(root, 'out', name))
    assert.deepEqual(await files.list('out'), ['deep/b.txt', 'file'])
  })

  it('name the file that is not there', async () => {
    await assert.rejects(
      makeFiles(root).read('nothing.yaml'),
      ({ code, message }: RigletError) => code === 'FILE' && message === 'nothing.yaml: there is no such file',
    )
  })

  it('run commands with arguments as they are, and tell how they ended', async () => {
    const { run } = makeProcesses(root, new AbortController().signal)
    const { code, stdout } = await run('printf', ['%s|', 'a b', '$HOME; ls', '*'])
    assert.deepEqual([code, stdout], [0, 'a b|$HOME; ls|*|'])
    assert.equal((await run('false', [])).code, 1)
    assert.equal((await run('cat', [], { input: 'fed' })).stdout, 'fed')
    assert.equal((await run('cat', [], { input: '' })).stdout, '')
  })

  it('stop a command at Ctrl-C', async () => {
    const interruption = new AbortController()
    const work = makeProcesses(root, interruption.signal).run('sleep', ['30'])
    setTimeout(() => interruption.abort(), 300)
    await assert.rejects(work, ({ code }: RigletError) => code === 'INTERRUPTED')
  })

  it('stop sleeping at Ctrl-C', async () => {
    const interruption = new AbortController()
    const work = makeClock(interruption.signal).sleep(30_000)
    interruption.abort()
    await assert.rejects(work, ({ exitCode }: RigletError) => exitCode === 130)
  })

  it('know the last commit, and archive it with files of our own', async () => {
    const processes = makeProcesses(root, new AbortController().signal)
    const git = (...args: string[]) => processes.run('git', ['-c', 'user.name=Ann', '-c', 'user.email=a@b.c', ...args])
    await git('init', '-q')
    await makeFiles(root).write('page.txt', 'hello')
    await git('add', '.')
    await git('commit', '-q', '-m', 'Say hello')
    const port = makeGit(processes, root)
    const head = await port.head()
    const { id, message, author } = head
    assert.match(id, /^[0-9a-f]{40}$/)
    assert.deepEqual([message, author], ['Say hello', 'Ann'])
    await makeFiles(root).write('new.txt', '')
    assert.deepEqual(await port.changed(), ['new.txt'])
    await port.archive(head, join(root, 'source.zip'), ['packer'])
    const names = (await processes.run('python3', ['-m', 'zipfile', '-l', 'source.zip'])).stdout
    assert.match(names, /page\.txt/)
    assert.match(names, /source-tree\.json/)
  })

  it('say what git says when it fails', async () => {
    const port = makeGit(makeProcesses(root, new AbortController().signal), root)
    await assert.rejects(
      port.head(),
      ({ code, message }: RigletError) => code === 'TOOL_FAILED' && /not a git repository/.test(message),
    )
  })
})
