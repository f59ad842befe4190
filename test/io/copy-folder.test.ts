import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRigletError } from '../../scripts/core/errors.ts'
import { makeFiles } from '../../scripts/io/files.ts'

describe('copy-folder', () => {
  let root = ''
  const at = (path: string): string => join(root, path)
  const files = () => makeFiles(root)
  const copy = (to: string) =>
    files().copyFolder('packer/web', to, new Map([['web.hcl', { path: 'runner.hcl', text: 'runner' }]]))

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'riglet-copy-'))
    await files().write('packer/web/web.hcl', 'web')
    await files().write('packer/web/deep/run', '#!/bin/sh')
    chmodSync(at('packer/web/deep/run'), 0o755)
    symlinkSync('../../app', at('packer/web/app'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('keeps modes and links, and changes what it is told to', async () => {
    await copy('packer/runner')
    assert.deepEqual(readdirSync(at('packer/runner')).sort(), ['app', 'deep', 'runner.hcl'])
    assert.equal(readFileSync(at('packer/runner/runner.hcl'), 'utf8'), 'runner')
    assert.equal(statSync(at('packer/runner/deep/run')).mode & 0o777, 0o755)
    assert.equal(statSync(at('packer/runner')).mode, statSync(at('packer/web')).mode)
    assert.equal(readlinkSync(at('packer/runner/app')), '../../app')
    assert.deepEqual(readdirSync(at('out')), [])
  })

  it('leaves what is there as it is, and nothing of its own', async () => {
    await files().write('packer/runner/kept', 'mine')
    await assert.rejects(copy('packer/runner'), (error) => isRigletError(error, 'FILE'))
    assert.deepEqual([readdirSync(at('packer/runner')), readdirSync(at('out'))], [['kept'], []])
  })

  it('makes nothing of what cannot be copied whole', async () => {
    const changed = new Map([['gone/file', { path: 'x', text: '' }]])
    await assert.rejects(files().copyFolder('packer/web', 'packer/runner', changed), (error) =>
      isRigletError(error, 'FILE'),
    )
    assert.equal(existsSync(at('packer/runner')), false)
  })
})
