import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before } from 'mocha'
import { newImage } from '../../scripts/actions/scaffold/new-image.ts'
import { makeFiles } from '../../scripts/io/files.ts'
import { fakeTerminal } from '../fakes/image-ports.ts'

/** In a copy of the checkout, by the real Packer and the checks that `make check` runs on every image. */
describe('a new image', function () {
  this.timeout(60_000)
  let root = ''
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'riglet-new-'))
    cpSync('packer', join(root, 'packer'), { recursive: true })
    mkdirSync(join(root, 'setup'))
    cpSync('setup/packer-validate', join(root, 'setup/packer-validate'))
    symlinkSync(resolve('.tools'), join(root, '.tools'))
  })
  after(() => rmSync(root, { recursive: true }))

  const run = (command: string, ...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(command, words, { cwd: root, encoding: 'utf8' })
    return { status, output: `${stdout}${stderr}` }
  }

  const made = [{ IMAGE: 'runner' }, { IMAGE: 'a-2' }, { IMAGE: 'second-runner', FROM: 'runner' }]
  for (const settings of made)
    it(`called ${settings.IMAGE} is valid and formatted as it was made (G06)`, async () => {
      await newImage(settings, { files: makeFiles(root), terminal: fakeTerminal() })
      const folder = `packer/${settings.IMAGE}`
      assert.deepEqual(run('setup/packer-validate', folder), {
        status: 0,
        output: 'The configuration is valid.\n'.repeat(2),
      })
      assert.deepEqual(run('packer', 'fmt', '-check', '-diff', folder), { status: 0, output: '' })
      assert.equal(run('grep', '-rw', '--include=*.hcl', 'web', folder).output, '')
    })
})
