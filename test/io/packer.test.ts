import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePacker } from '../../scripts/io/packer.ts'

describe('packer', () => {
  const path = process.env['PATH']
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'riglet-packer-'))
    writeFileSync(join(folder, 'packer'), '#!/bin/sh\nenv\n')
    chmodSync(join(folder, 'packer'), 0o755)
    Object.assign(process.env, { PATH: `${folder}:${path}`, AWS_PROFILE: 'other', AWS_SESSION_TOKEN: 'old' })
  })
  afterEach(() => {
    process.env['PATH'] = path
    delete process.env['AWS_PROFILE']
    delete process.env['AWS_SESSION_TOKEN']
    rmSync(folder, { recursive: true })
  })

  it('reaches the account and region that everything else does, whatever the environment says', async () => {
    const access = () => Promise.resolve({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'work', AWS_SESSION_TOKEN: undefined })
    const lines: string[] = []
    const packer = makePacker(folder, new AbortController().signal, access)
    await packer.build('x', {}, { onLine: (line) => lines.push(line) })
    assert.deepEqual(lines.filter((line) => /^AWS_(?:PROFILE|REGION|SESSION)/.test(line)).sort(), [
      'AWS_PROFILE=work',
      'AWS_REGION=eu-west-1',
    ])
  })
})
