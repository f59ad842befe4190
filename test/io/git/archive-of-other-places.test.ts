import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshCheckout, pointer } from './support/checkout.ts'

describe('an archive of a commit', function () {
  this.timeout(120_000)
  const here = freshCheckout()

  const addSubmodules = async (): Promise<void> => {
    for (const [name, ...inner] of [['lib'], ['vendor', 'lib']]) {
      const there = join(here.home, name!)
      await mkdir(there)
      const git = (...args: string[]) => here.git('-C', there, ...args)
      git('init', '-q')
      await writeFile(join(there, 'code'), name!, { mode: 0o755 })
      for (const one of inner) git('submodule', '--quiet', 'add', join(here.home, one), one)
      git('add', '-A')
      git('commit', '-q', '-m', name!)
    }
    here.git('submodule', '--quiet', 'add', join(here.home, 'vendor'), 'packer/web/vendor')
    here.git('submodule', '--quiet', 'update', '--init', '--recursive')
    here.commit()
  }

  it('brings submodules, and theirs', async () => {
    await addSubmodules()
    await here.roundTrip()
    assert.equal(await here.read('packer/web/vendor/code'), 'vendor')
    assert.equal(await here.read('packer/web/vendor/lib/code'), 'lib')
  })

  it('names submodules that are not checked out', async () => {
    await addSubmodules()
    here.git('-C', 'packer/web/vendor', 'submodule', '--quiet', 'deinit', '-f', 'lib')
    const inner = await here.archive()
    assert.deepEqual(
      inner.missing.map(({ path, remedy }) => [path, remedy]),
      [['packer/web/vendor/lib', 'git submodule update --init --recursive packer/web/vendor/lib']],
    )
    here.git('submodule', '--quiet', 'deinit', '-f', 'packer/web/vendor')
    const { missing } = await here.archive()
    assert.deepEqual(
      missing.map(({ path, remedy }) => [path, remedy]),
      [['packer/web/vendor', 'git submodule update --init --recursive packer/web/vendor']],
    )
    assert.match(missing[0]!.what, /^is a submodule whose commit [0-9a-f]{7} is not here$/)
  })

  it('brings what Git LFS keeps, and names what is not here', async () => {
    await here.put('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n')
    for (const one of ['here', 'gone']) await here.put(`packer/web/${one}.bin`, pointer(one))
    await here.put('packer/web/raw.bin', 'committed without it')
    here.commit()
    await here.put('packer/web/here.bin', 'here')
    const { missing } = await here.archive()
    assert.deepEqual(missing, [
      {
        path: 'packer/web/gone.bin',
        what: 'is kept by Git LFS, and only its pointer is in the commit: what it points to is not here',
        remedy: 'git lfs pull --include packer/web/gone.bin',
      },
    ])
    await here.put('packer/web/gone.bin', 'gone')
    await here.roundTrip()
    assert.equal(await here.read('packer/web/gone.bin'), 'gone')
    assert.equal(await here.read('packer/web/raw.bin'), 'committed without it')
  })

  it('brings what stands here of files that go through a filter, or names them', async () => {
    here.git('config', 'filter.rot.clean', 'tr a-m n-z')
    here.git('config', 'filter.rot.smudge', 'tr n-z a-m')
    await here.put('.gitattributes', '/packer/web/*.secret filter=rot text eol=crlf\n')
    await here.put('packer/web/a b[1].secret', 'abc\r\n')
    here.commit()
    assert.equal(here.git('show', 'HEAD:packer/web/a b[1].secret'), 'nop\n')
    await here.roundTrip()
    assert.equal(await here.read('packer/web/a b[1].secret'), 'abc\r\n')
    await here.put('packer/web/a b[1].secret', 'other\r\n')
    assert.deepEqual(
      (await here.archive()).missing.map(({ path, what }) => `${path} ${what}`),
      ['packer/web/a b[1].secret goes through the filter rot, and what stands here is not what is committed'],
    )
  })
})
