import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { makeCheckout, type Checkout } from './support/checkout.ts'

const pointer = (content: string): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(content).digest('hex')}\nsize ${content.length}\n`

describe('an archive of a commit', function () {
  this.timeout(120_000)
  let here: Checkout
  beforeEach(async () => {
    here = await makeCheckout()
    await here.put('packer/web/image.pkr.hcl', 'build {}')
  })
  afterEach(() => here.remove())

  it('gives a build the same inputs, whatever unzip makes of modes, links and bytes (B01)', async () => {
    await here.put('packer/web/provision/10.sh', 'true\n', 0o755)
    await here.put('packer/web/files/a.gif', Buffer.from([0x47, 0xff, 0x00, 0x0d, 0x0a]))
    await here.tie('packer/web/app', '../../app')
    await here.put('app/bin/run', 'x', 0o755)
    await here.tie('app/current', 'bin/run')
    here.commit()
    await here.roundTrip()
    assert.deepEqual(await readdir(join(here.root, 'out')), [])
  })

  /** Names that git, zip and the file system all take; some are hard to quote. */
  const name = fc.oneof(
    fc.stringMatching(/^[a-z]{1,2}$/),
    fc.constantFrom(
      ' ',
      'ä',
      '名',
      '"q"',
      '-d',
      "it's",
      'a\\b',
      '*',
      '[x]',
      '#',
      '!n',
      '.env',
      'CON',
      'a:b',
      'new\nline',
    ),
  )
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const content = fc.oneof(
    fc.constantFrom('', 'a\r\nb\n', '$Id$ $Format:%H$\n', pointer('x')),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  )
  const file = fc.record({ path, content, mode: fc.constantFrom(0o644, 0o755, 0o664, 0o775) })
  const attribute = fc.tuple(
    fc.constantFrom('*', 'a*', '/packer/web/**'),
    fc.constantFrom('export-ignore', 'export-subst', 'text=auto', 'text eol=crlf', 'ident', 'binary'),
  )
  const tree = fc.record({
    files: fc.uniqueArray(file, { selector: (one) => one.path.split('/')[0]!, minLength: 1, maxLength: 6 }),
    links: fc.array(fc.nat({ max: 5 }), { maxLength: 3 }),
    attributes: fc.array(attribute, { minLength: 1, maxLength: 2 }),
  })

  it('gives a build the same inputs for any tree', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async ({ files, links, attributes }) => {
        await rm(join(here.root, 'packer'), { recursive: true, force: true })
        for (const one of files) await here.put(`packer/web/files/${one.path}`, one.content, one.mode)
        for (const [index, which] of links.entries())
          await here.tie(`packer/web/link${index}`, `files/${files[which % files.length]!.path.split('/')[0]!}`)
        await here.put('.gitattributes', attributes.map((words) => `${words.join(' ')}\n`).join(''))
        here.commit()
        // What a person has after a checkout: conversions are made then.
        await rm(join(here.root, 'packer'), { recursive: true })
        here.git('checkout', '-q', '-f', '.')
        await here.roundTrip()
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })

  it('brings what is marked export-ignore, and leaves what is marked export-subst alone', async () => {
    await here.put('.gitattributes', 'files export-ignore\n*.txt export-subst\n')
    await here.put('packer/web/files/a', 'a')
    await here.put('packer/web/b.txt', '$Format:%H$')
    here.commit()
    await here.roundTrip()
    assert.equal(await here.read('packer/web/b.txt'), '$Format:%H$')
    assert.equal(await here.read('packer/web/files/a'), 'a')
  })

  it('converts as a checkout does', async () => {
    await here.put('.gitattributes', '*.ps1 text eol=crlf\n*.utf16 text working-tree-encoding=UTF-16LE\n')
    await here.put('packer/web/a.ps1', 'a\r\nb\r\n')
    await here.put('packer/web/a.utf16', Buffer.from('ä\n', 'utf16le'))
    here.commit()
    await here.roundTrip()
    assert.equal(await here.read('packer/web/a.ps1'), 'a\r\nb\r\n')
  })

  it("is the same whatever a person's configuration says", async () => {
    await here.put('packer/web/a.sh', 'a\nb\n')
    here.commit()
    await here.put('../attributes', '* export-ignore\n')
    await here.put('.git/info/attributes', '* export-ignore\n')
    here.git('config', 'core.attributesFile', join(here.home, 'attributes'))
    here.git('config', 'core.autocrlf', 'true')
    here.git('config', 'tar.umask', '077')
    await here.roundTrip()
    assert.equal(await here.read('packer/web/a.sh'), 'a\nb\n')
  })

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

  it('is whole from a partial clone, a shallow or sparse one, a worktree and a folder within', async () => {
    await here.put('packer/web/a', 'a')
    await here.put('packer/runner/b', 'b')
    await here.put('sub/packer/web/c', 'c')
    here.commit()
    here.git('config', 'uploadpack.allowFilter', 'true')
    const hash = await here.hash(here.root)
    const clone = join(here.home, 'clone')
    here.git('clone', '-q', '--depth=1', '--filter=blob:none', '--no-checkout', `file://${here.root}`, clone)
    here.git('-C', clone, 'sparse-checkout', 'set', '--no-cone', '/packer/web/')
    here.git('-C', clone, 'checkout', '-q')
    const tree = join(here.home, 'tree')
    here.git('worktree', 'add', '-q', '--detach', tree)
    for (const at of [clone, tree]) {
      assert.deepEqual((await here.archive(at)).missing, [])
      assert.equal(await here.hash(await here.build()), hash)
    }
    await here.archive(join(here.root, 'sub'))
    await here.build()
    assert.equal(await here.read('packer/web/c'), 'c')
  })

  it('names files in whose place a push puts its own', async () => {
    await here.put('source-tree.json', 'mine')
    here.commit()
    assert.deepEqual(
      (await here.archive()).missing.map(({ path, what }) => `${path} ${what}`),
      ['source-tree.json stands where a push puts a file of its own'],
    )
  })

  it('names what is called in no UTF-8', async () => {
    const odd = Buffer.concat([Buffer.from(`${here.root}/packer/web/`), Buffer.from([0x61, 0xff])])
    await writeFile(odd, 'x')
    here.commit()
    assert.deepEqual(
      (await here.archive()).missing.map(({ path, what }) => `${path} ${what}`),
      ['packer/web/a\ufffd has a name that is not UTF-8'],
    )
    await rm(odd)
    await symlink(Buffer.from([0x62, 0xff]), join(here.root, 'packer/web/link'))
    here.commit()
    await assert.rejects(here.archive(), /packer\/web\/link: leads to a name that is not UTF-8/)
  })

  const hiding: Readonly<Record<string, readonly [() => unknown, readonly string[]]>> = {
    'a file that git ignores': [
      () => here.put('packer/web/app.jar', 'x'),
      ['packer/web/app.jar is not in the commit, and git ignores it'],
    ],
    'an empty folder': [
      () => mkdir(join(here.root, 'packer/web/log')),
      ['packer/web/log is an empty folder, which git does not keep'],
    ],
    'a change of mode that core.fileMode hides': [
      async () => {
        here.git('config', 'core.fileMode', 'false')
        await chmod(join(here.root, 'packer/web/a.sh'), 0o755)
      },
      ['packer/web/a.sh is executable here, and not in the commit'],
    ],
    'a change that assume-unchanged hides': [
      async () => {
        here.git('update-index', '--assume-unchanged', 'packer/web/a.sh')
        await here.put('packer/web/a.sh', 'b\n')
      },
      ['packer/web/a.sh has other bytes here than a checkout of the commit gives'],
    ],
    "a person's line endings": [
      async () => {
        here.git('config', 'core.autocrlf', 'true')
        await rm(join(here.root, 'packer/web/a.sh'))
        here.git('checkout', 'packer/web/a.sh')
      },
      ['packer/web/a.sh has other bytes here than a checkout of the commit gives'],
    ],
    'nothing of what git status tells': [
      async () => {
        await here.put('packer/web/new/file', 'x')
        await here.put('packer/web/a.sh', 'changed\n')
        await rename(join(here.root, 'packer/web/image.pkr.hcl'), join(here.root, 'packer/web/other.pkr.hcl'))
      },
      [],
    ],
  }
  for (const [what, [hide, told]] of Object.entries(hiding)) {
    it(`tells ${what}`, async () => {
      await here.put('.gitignore', '*.jar\n')
      await here.put('packer/web/a.sh', 'a\n')
      here.commit()
      await hide()
      assert.deepEqual(await here.hidden(), told)
    })
  }
})
