import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { settleSource } from '../../../../scripts/actions/image/settle-source.ts'
import { inputsHash } from '../../../../scripts/core/image/inputs.ts'
import { unsaid, type Archived } from '../../../../scripts/core/source/source-archive.ts'
import type { Ports } from '../../../../scripts/core/ports/ports.ts'
import { makeFiles } from '../../../../scripts/io/files.ts'
import { makeGit } from '../../../../scripts/io/git/git.ts'
import { makeProcesses } from '../../../../scripts/io/processes.ts'

const who = ['-c', 'user.name=Ann', '-c', 'user.email=a@b.c', '-c', 'protocol.file.allow=always']

/** A repository in a folder of its own, and what becomes of it in a build. */
export async function makeCheckout() {
  const home = await mkdtemp(join(tmpdir(), 'riglet-checkout-'))
  const root = join(home, 'laptop')
  const git = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('git', [...who, ...args], { cwd: root, encoding: 'utf8' })
    assert.equal(status, 0, `git ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  await mkdir(root)
  git('init', '-q')
  const ports = (at: string): Pick<Ports, 'files' | 'git'> => ({
    files: makeFiles(at),
    git: makeGit(makeProcesses(at, new AbortController().signal), at),
  })
  const put = async (path: string, content: string | Buffer, mode = 0o644): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
    await chmod(join(root, path), mode)
  }
  const tie = async (path: string, target: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await symlink(target, join(root, path))
  }
  const commit = (message = 'Change'): void => {
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', message)
  }
  const zip = join(home, 'source.zip')
  const archive = async (at = root): Promise<Archived> => {
    const { git: port, files } = ports(at)
    const { reached } = await files.tree('packer')
    return port.archive(await port.head(), zip, ['packer', ...reached])
  }
  /** What Packer would upload here, and git says nothing of. */
  const hidden = async (): Promise<string[]> => {
    const { sent } = await archive()
    return differing(sent)
  }
  const differing = async (sent: Archived['sent']): Promise<string[]> => {
    const changed = await ports(root).git.changed()
    return unsaid(await ports(root).files.tree('packer'), sent, changed).map(({ path, what }) => `${path} ${what}`)
  }
  /** As the harshest of unzips leaves it, without modes and links, and settled as a build does. */
  const build = async (): Promise<string> => {
    const there = join(home, 'build')
    await rm(there, { recursive: true, force: true })
    const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-e', zip, there], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    await settleSource(there, { files: makeFiles(root), filesIn: makeFiles })
    return there
  }
  const hash = async (at: string): Promise<string> => {
    const { entries, faults } = await makeFiles(at).tree('packer')
    assert.deepEqual(faults, [])
    return inputsHash({
      entries,
      baseImageId: 'ami-0',
      version: '1',
      architecture: 'x86_64',
      encrypted: true,
      given: {},
    })
  }
  return {
    home,
    root,
    git,
    put,
    tie,
    commit,
    archive,
    hidden,
    build,
    hash,
    read: async (path: string): Promise<string> => readFile(join(home, 'build', path), 'utf8'),
    /** Archives, unpacks, and holds the two hashes against each other; a push would have had nothing to tell. */
    roundTrip: async (): Promise<void> => {
      const { missing, sent } = await archive()
      assert.deepEqual([missing, await differing(sent)], [[], []])
      assert.equal(await hash(await build()), await hash(root))
    },
    remove: () => rm(home, { recursive: true }),
  }
}

type Checkout = Awaited<ReturnType<typeof makeCheckout>>

/** One for each test of a suite, with an image in it that is not committed yet. */
export function freshCheckout(): Checkout {
  const here = {} as Checkout
  beforeEach(async () => {
    Object.assign(here, await makeCheckout())
    await here.put('packer/web/image.pkr.hcl', 'build {}')
  })
  afterEach(() => here.remove())
  return here
}

/** What Git LFS commits in the place of a file. */
export const pointer = (content: string): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(content).digest('hex')}\nsize ${content.length}\n`
