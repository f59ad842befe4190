import assert from 'node:assert/strict'
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freshCheckout } from './support/checkout.ts'

describe('an archive of a commit', function () {
  this.timeout(120_000)
  const here = freshCheckout()

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
