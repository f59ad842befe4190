import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inputsHash } from '../../../scripts/core/image/inputs.ts'
import { makeFiles } from '../../../scripts/io/files.ts'

describe('reading what Packer would upload', () => {
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'riglet-tree-'))
    await put('packer/web/image.pkr.hcl', 'build {}')
    await put('packer/web/files/run', '#!/bin/sh\n', 0o755)
    await put('shared/ca.pem', 'one')
  })
  afterEach(() => rm(root, { recursive: true }))

  const put = async (path: string, content: string | Buffer, mode = 0o644): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
    await chmod(join(root, path), mode)
  }
  const tie = (path: string, target: string) => symlink(target, join(root, path))
  const hash = async (): Promise<string> => {
    const { entries, faults } = await makeFiles(root).tree('packer')
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
  const faults = async (): Promise<string[]> =>
    (await makeFiles(root).tree('packer')).faults.map(({ path, what }) => `${path} ${what}`)

  /** Each is a change after which an image would be another one; the first two hashes are of before and after. */
  const changes: Readonly<Record<string, readonly [() => Promise<unknown>, () => Promise<unknown>]>> = {
    'a file that may no longer be executed': [
      () => Promise.resolve(),
      () => chmod(join(root, 'packer/web/files/run'), 0o644),
    ],
    'one byte of a file that is not text': [
      () => put('packer/web/files/a.gif', Buffer.from([0x47, 0x49, 0x46, 0xfe])),
      () => put('packer/web/files/a.gif', Buffer.from([0x47, 0x49, 0x46, 0xff])),
    ],
    'what a link leads to': [
      () => tie('packer/web/files/ca.pem', '../../../shared/ca.pem'),
      () => put('shared/ca.pem', 'two'),
    ],
    'what a link to a folder leads to': [
      () => tie('packer/web/shared', '../../shared'),
      () => put('shared/more.pem', 'two'),
    ],
    'a link in the place of the same file': [
      () => put('packer/web/files/ca.pem', 'one'),
      async () => {
        await rm(join(root, 'packer/web/files/ca.pem'))
        await tie('packer/web/files/ca.pem', '../../../shared/ca.pem')
      },
    ],
    'an empty folder': [() => Promise.resolve(), () => mkdir(join(root, 'packer/web/files/log'))],
  }
  for (const [what, [first, then]] of Object.entries(changes)) {
    it(`makes other inputs of ${what} (B01)`, async () => {
      await first()
      const before = await hash()
      assert.equal(await hash(), before)
      await then()
      assert.notEqual(await hash(), before)
    })
  }

  it('tells where links lead', async () => {
    await tie('packer/web/shared', '../../hop')
    await tie('hop', './shared')
    const { entries, reached } = await makeFiles(root).tree('packer')
    assert.deepEqual(reached, ['hop', 'shared'])
    assert.deepEqual(
      entries.filter(({ path }) => path.includes('shared')).map(({ type, path }) => `${type} ${path}`),
      ['link packer/web/shared', 'folder packer/web/shared', 'file packer/web/shared/ca.pem'],
    )
  })

  it('names links that lead nowhere, out of the checkout or in circles', async () => {
    await tie('packer/web/a-gone', 'not/here')
    await tie('packer/web/b-out', '../../../elsewhere')
    await tie('packer/web/c-absolute', join(root, 'shared'))
    await tie('packer/web/d-circle', 'd-circle')
    await tie('packer/web/e-back', '../../packer')
    await tie('packer/web/f-all', '../..')
    await tie('packer/web/g-later', '../../later')
    await tie('later', '/etc/passwd')
    await tie('packer/web/h-git', '../../.git/config')
    await tie('packer/web/i-file', 'image.pkr.hcl/below')
    assert.deepEqual(await faults(), [
      'packer/web/a-gone is a link that leads to nothing',
      'packer/web/b-out is a link that leads out of the checkout',
      'packer/web/c-absolute is a link to a path of this machine',
      'packer/web/d-circle is a link that leads in a circle',
      'packer/web/e-back leads back to packer, which holds it',
      'packer/web/f-all leads back to the checkout, which holds it',
      'packer/web/g-later is a link to a path of this machine',
      'packer/web/h-git is a link that leads out of the checkout',
      'packer/web/i-file is a link that leads to nothing',
    ])
  })

  it('names what is no file, and repositories within', async () => {
    spawnSync('mkfifo', [join(root, 'packer/web/pipe')])
    await put('packer/web/nested/.git/HEAD', 'ref: refs/heads/main\n')
    const server = createServer().listen(join(root, 'packer/web/socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      assert.deepEqual(await faults(), [
        'packer/web/nested/.git is a repository of its own, which Packer would upload and no build has',
        'packer/web/pipe is a named pipe, not a file',
        'packer/web/socket is a socket, not a file',
      ])
    } finally {
      server.close()
    }
  })

  it('names what cannot be read, and what has no name in UTF-8', async () => {
    await put('packer/web/secret', 'x', 0o000)
    await put('packer/web/closed/in', 'x')
    await chmod(join(root, 'packer/web/closed'), 0o000)
    await writeFile(Buffer.concat([Buffer.from(join(root, 'packer/web/')), Buffer.from([0xff])]), 'x')
    await chmod(root, 0o755)
    // Nobody, if this runs as root, who may read everything.
    const asRoot = process.geteuid?.() === 0
    if (asRoot) process.seteuid?.(65534)
    try {
      assert.deepEqual(await faults(), [
        'packer/web/closed cannot be read',
        'packer/web/secret cannot be read',
        'packer/web/\ufffd has a name that is not UTF-8',
      ])
    } finally {
      if (asRoot) process.seteuid?.(0)
      await chmod(join(root, 'packer/web/closed'), 0o755)
    }
  })

  it("leaves a submodule's own file out, which no build has", async () => {
    await put('packer/web/vendor/a', 'x')
    const before = await hash()
    await put('packer/web/vendor/.git', 'gitdir: ../../../.git/modules/vendor\n')
    assert.equal(await hash(), before)
  })

  it('reads a folder that is not there as empty', async () => {
    assert.deepEqual(await makeFiles(root).tree('nothing'), { entries: [], faults: [], reached: [] })
  })

  it('reads large files in little memory', async function () {
    this.timeout(60_000)
    const size = 256 * 1024 * 1024
    spawnSync('truncate', ['-s', String(size), join(root, 'packer/web/large')])
    let peak = 0
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers)), 5)
    const { entries } = await makeFiles(root)
      .tree('packer')
      .finally(() => clearInterval(watch))
    const large = entries.find(({ path }) => path.endsWith('large'))
    // head -c 256M /dev/zero | sha256sum
    assert.equal(
      large?.type === 'file' && large.digest,
      'a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484',
    )
    // What was read is given back whenever the collector comes by.
    assert.ok(peak < size / 2, `${peak} bytes of buffers`)
  })
})
