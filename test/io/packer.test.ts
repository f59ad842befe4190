import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePacker } from '../../scripts/io/packer.ts'

describe('packer', () => {
  const path = process.env['PATH']
  let folder = ''
  const program = (text: string): void => {
    writeFileSync(join(folder, 'packer'), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, 'packer'), 0o755)
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'riglet-packer-'))
    program('env')
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

  it('is not waited for longer than it runs, though a provisioner of it left something that holds its output', async () => {
    program('sleep 60 & echo $!\necho last words\nexit 3')
    const lines: string[] = []
    const packer = makePacker(folder, new AbortController().signal, () => Promise.resolve({}))
    const { code } = await packer.build('x', {}, { onLine: (line) => lines.push(line) })
    process.kill(Number(lines[0]))
    assert.deepEqual([code, lines[1]], [3, 'last words'])
  })
})
