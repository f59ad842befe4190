import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'mocha'

/** The scripts run as they are, but for the root below which they write. */
describe('the web image', () => {
  let root: string
  before(() => (root = mkdtempSync(join(tmpdir(), 'web-'))))
  after(() => rmSync(root, { recursive: true }))

  const run = (script: string, env: Readonly<Record<string, string>>): void => {
    const text = readFileSync(`packer/web/${script}`, 'utf8')
    const below = text.replaceAll(/\/(?:etc|run|usr\/local\/share)\/riglet/g, `${root}$&`)
    execFileSync('bash', ['--norc', '-c', below], { env: { PATH: `${root}/bin:${process.env['PATH']}`, ...env } })
  }

  const keep = (version: string) =>
    run('provision/30-versions.sh', {
      IMAGE: 'web',
      VERSION: version,
      COMMIT: 'c0ffee0',
      INPUTS: '00',
      BASE_IMAGE_ID: 'ami-0',
    })
  const versions = ['1.4.3', '1:2.0~rc1+b^3_4-5', '~1', 'a b', `'"$(id)\``, '#1', '']
  for (const version of versions)
    it(`keeps the version ${JSON.stringify(version)} in image.env as it is`, () => {
      keep(version)
      const read = execFileSync('sh', [
        '-c',
        `. ${root}/etc/riglet/image.env; printf '%s|%s' "$VERSION" "$BASE_IMAGE_ID"`,
      ])
      assert.equal(read.toString(), `${version}|ami-0`)
    })

  it('serves the version as it is, whatever a version may consist of', () => {
    const version = '1:2.0~rc1+b^3_4-5'
    keep(version)
    mkdirSync(join(root, 'bin'))
    mkdirSync(join(root, 'usr/local/share/riglet'), { recursive: true })
    writeFileSync(join(root, 'bin/curl'), '#!/bin/sh\necho metadata\n')
    chmodSync(join(root, 'bin/curl'), 0o755)
    writeFileSync(join(root, 'usr/local/share/riglet/page.html'), readFileSync('packer/web/files/page.html'))
    run('files/riglet-identity', {})
    const served = (file: string): string => readFileSync(join(root, 'run/riglet/www', file), 'utf8')
    const identity = JSON.parse(served('identity.json')) as Record<string, string>
    assert.deepEqual([identity['version'], identity['commit'], identity['imageId']], [version, 'c0ffee0', 'metadata'])
    assert.match(served('index.html'), /<h1>Version 1:2\.0~rc1\+b\^3_4-5<\/h1>/)
  })
})
