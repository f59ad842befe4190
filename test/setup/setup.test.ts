import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const read = (path: string): string => readFileSync(path, 'utf8')

describe('set-up', () => {
  it('takes less than two seconds and says nothing when all is there', () => {
    // Whoever runs this has just changed something, perhaps: the first run mends that.
    spawnSync('bash', ['setup/run'])
    const began = performance.now()
    const { status, stdout, stderr } = spawnSync('bash', ['setup/run'], { encoding: 'utf8' })
    assert.deepEqual([status, stdout, stderr], [0, '', ''])
    assert.ok(performance.now() - began < 2000)
  }).timeout(120_000)

  for (const folder of ['', 'test/clients/cdk/'])
    it(`pins every npm package of ${folder}package.json by version and checksum`, () => {
      const { packages } = JSON.parse(read(`${folder}package-lock.json`)) as {
        packages: Record<string, { version?: string; integrity?: string; resolved?: string }>
      }
      for (const [name, { version, integrity, resolved }] of Object.entries(packages)) {
        if (name === '') continue
        assert.match(version ?? '', /^\d/, name)
        assert.match(integrity ?? '', /^sha512-/, name)
        assert.equal(resolved, undefined, name)
      }
      const { dependencies, devDependencies } = JSON.parse(read(`${folder}package.json`)) as Record<
        string,
        Record<string, string>
      >
      for (const version of Object.values({ ...dependencies, ...devDependencies }))
        assert.match(version, /^\d+\.\d+\.\d+$/)
    })

  for (const folder of ['rehearsal', 'test/checkov', 'test/clients/sceptre'])
    it(`pins every Python package of ${folder} by version and checksum`, () => {
      const blocks = read(`${folder}/requirements.txt`)
        .trim()
        .split(/\n(?=\S)/)
      assert.ok(blocks.length > 20)
      for (const block of blocks)
        assert.match(block, /^[\w.-]+(?:\[\w+\])?==\S+(?: ; .*?)? \\\n {4}--hash=sha256:[0-9a-f]{64}/)
      const pinned = read(`${folder}/requirements.in`).trim().split('\n')
      for (const line of pinned) assert.match(line, /^[\w-]+(?:\[\w+\])?==[\d.]+$/)
    })

  for (const tool of ['packer', 'plugin', 'goss']) {
    it(`pins ${tool} by version, and all that it is built from by checksum`, () => {
      assert.match(read(`setup/go/${tool}/go.mod`), /^require github\.com\/\S+ v\d+\.\d+\.\d+$/m)
      assert.match(read(`setup/go/${tool}/go.sum`), / h1:/)
    })
  }

  it('installs Packer, its plugin and goss in the versions that are pinned', () => {
    const version = (command: string, ...args: string[]): string =>
      spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).stdout
    const pinned = (tool: string): string => /^require \S+ v(\S+)$/m.exec(read(`setup/go/${tool}/go.mod`))![1]!
    const [, packer] = /^Packer v(\d+\.\d+\.\d+)/.exec(version('.tools/bin/packer', 'version')) ?? []
    assert.ok(packer !== undefined && packer.localeCompare(pinned('packer'), 'en', { numeric: true }) >= 0, packer)
    assert.ok(version('.tools/goss', '--version').length > 0)
  })
})
