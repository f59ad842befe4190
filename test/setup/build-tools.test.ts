import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The `aws` of a build whose bucket is a folder; where the folder has no such object it answers as S3 does. */
const aws = (bucket: string): string => `#!/bin/sh
cp "${bucket}/\${4#s3://tools-bucket/}" "$5" 2> /dev/null || { echo 'fatal error: 404' >&2; exit 1; }
`

/** The Node of a build's image: this one, which says that it is of that version. */
const nodeOf = (version: string): string => `#!/bin/sh
[ "$1" = --version ] && echo 'v${version}' || exec '${process.execPath}' "$@"
`

type Tool = { readonly name: string; readonly sha256: string; readonly archive: string }

const dependencies = async (): Promise<Readonly<Record<string, string>>> =>
  (JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: Record<string, string> }).dependencies

const loadsAll = `
import { globSync, readFileSync } from 'node:fs'
for (const file of globSync('scripts/*/**/*.ts')) await import('./' + file)
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
for (const name of Object.keys(dependencies)) if (name !== 'node') await import(name)
`

describe('the tools of a build', function () {
  this.timeout(120_000)
  let folder = ''
  let [packages, runtime]: readonly (Tool | undefined)[] = []

  /**
   * A build with control that holds the packages, and those digests; its bucket holds what it is given. Its image has a Node
   * of that version: here one that is too old, so that the tools it fetches are wanted, unless said otherwise.
   */
  const build = async (
    title: string,
    sums: readonly Tool[],
    held: readonly Tool[] = [],
    node = '22.22.0',
    within: Tool | null = packages!,
  ): Promise<string> => {
    const [source, bucket] = [join(folder, title), join(folder, `${title}-bucket`)]
    await mkdir(join(bucket, 'tools'), { recursive: true })
    for (const { name, sha256, archive } of held) await cp(archive, join(bucket, `tools/${name}-${sha256}.tar.gz`))
    await mkdir(join(folder, title, 'bin'), { recursive: true })
    for (const part of ['setup', 'package.json', 'package-lock.json', '.npmrc'])
      await cp(part, join(source, part), { recursive: true })
    await writeFile(join(source, 'tools.sha256'), sums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''))
    if (within !== null) await cp(within.archive, join(source, 'packages.tar.gz'))
    await writeFile(join(source, 'bin/aws'), aws(bucket))
    await writeFile(join(source, 'bin/node'), nodeOf(node))
    for (const one of ['aws', 'node']) await chmod(join(source, 'bin', one), 0o755)
    await run('bash', ['setup/build-tools', 'fetch', 'tools-bucket'], {
      cwd: source,
      env: { ...process.env, PATH: `${source}/bin:${process.env['PATH']}`, TARGET: 'smoke' },
    })
    return source
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'build-tools-'))
    const { stdout: names } = await run('bash', ['setup/build-tools', 'names'])
    const pack = async (part: string): Promise<Tool> => {
      const { stdout } = await run('bash', ['setup/build-tools', 'pack', part])
      const [sha256 = '', archive = ''] = stdout.trim().split('\t')
      return { name: names.split('\n').find((one) => one.startsWith(part))!, sha256, archive }
    }
    ;[packages, runtime] = [await pack('packages'), await pack('runtime')]
  })

  after(() => rm(folder, { recursive: true, force: true }))

  it('are named by what goes into them, whatever machine makes them', () => {
    assert.match(packages!.name, /^packages-[0-9a-f]{16}-linux-x86_64$/)
    assert.match(runtime!.name, /^runtime-[0-9a-f]{16}-linux-x86_64$/)
    assert.match(packages!.sha256, /^[0-9a-f]{64}$/)
  })

  it('want of the image the Node that set-up wants of it', async () => {
    const wanted = /^NODE_OF_BUILDS=(\d+)\.0\.0$/m.exec(await readFile('setup/versions.env', 'utf8'))![1]
    for (const file of ['buildspec.yml', 'buildspec-verify.yml', 'buildspec-configure.yml'])
      assert.match(await readFile(file, 'utf8'), new RegExp(`^      nodejs: ${wanted}$`, 'm'), file)
  })

  // They are for Linux; no other machine could run them.
  if (process.platform === 'linux')
    it('are the packages that control holds, and nothing is fetched where the image has the rest', async () => {
      const source = await build('right', [], [], process.versions.node)
      // Less than what npm installs, and still all that the scripts load, whenever they load it.
      await cp('scripts', join(source, 'scripts'), { recursive: true })
      await writeFile(join(source, 'all.mjs'), loadsAll)
      await run(join(source, 'node_modules/.bin/node'), ['all.mjs'], { cwd: source })
      // Set-up, which every target begins with, finds them there.
      const { stdout, stderr } = await run('bash', ['setup/run'], { cwd: source })
      assert.deepEqual([stdout, stderr], ['', ''])
    })

  if (process.platform === 'linux')
    it('bring their own Node where the image has an older one', async () => {
      const source = await build('older', [runtime!], [runtime!])
      const { stdout } = await run(join(source, 'node_modules/.bin/node'), ['--version'], { cwd: source })
      assert.equal(stdout, `v${(await dependencies())['node']}\n`)
    })

  it('are refused where somebody put another archive in their place (B22)', async () => {
    const other = join(folder, 'other.tar.gz')
    await writeFile(other, 'not what was released')
    const planted = { ...runtime!, archive: other }
    await assert.rejects(build('planted', [planted], [planted]), /is not what was released with these scripts/)
  })

  it('are refused where control does not name them, and named where they are missing', async () => {
    await assert.rejects(build('unnamed', []), /tools\.sha256 names no runtime tools/)
    await assert.rejects(build('missing', [runtime!]), /a person sends them with make update-pipeline/)
    await assert.rejects(build('without packages', [], [], process.versions.node, null), /control holds no packages/)
  })
})
