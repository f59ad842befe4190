import assert from 'node:assert/strict'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { freshCheckout, pointer } from './support/checkout.ts'

describe('an archive of a commit', function () {
  this.timeout(120_000)
  const here = freshCheckout()

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
})
