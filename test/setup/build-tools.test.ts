import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The `aws` of a build whose bucket is a folder; where the folder has no such object it answers as S3 does. */
const aws = (bucket: string): string => `#!/bin/sh
cp "${bucket}/\${4#s3://tools-bucket/}" "$5" 2> /dev/null || { echo 'fatal error: 404' >&2; exit 1; }
`

const loadsAll = `
import { globSync, readFileSync } from 'node:fs'
for (const file of globSync('scripts/*/**/*.ts')) await import('./' + file)
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
for (const name of Object.keys(dependencies)) if (name !== 'node') await import(name)
`

describe('the tools of a build', function () {
  this.timeout(120_000)
  let folder = ''
  let [sha256, archive, name] = ['', '', '']

  /** A build with control of that digest, whose bucket holds what it is given. */
  const build = async (title: string, sums: string, content?: string): Promise<string> => {
    const [source, bucket] = [join(folder, title), join(folder, `${title}-bucket`)]
    await mkdir(join(bucket, 'tools'), { recursive: true })
    if (content !== undefined) await cp(content, join(bucket, `tools/${name}-${sha256}.tar.gz`))
    await mkdir(join(folder, title, 'bin'), { recursive: true })
    for (const part of ['setup', 'package.json', 'package-lock.json', '.npmrc'])
      await cp(part, join(source, part), { recursive: true })
    await writeFile(join(source, 'tools.sha256'), sums)
    await writeFile(join(source, 'bin/aws'), aws(bucket))
    await chmod(join(source, 'bin/aws'), 0o755)
    await run('bash', ['setup/build-tools', 'fetch', 'tools-bucket'], {
      cwd: source,
      env: { ...process.env, PATH: `${source}/bin:${process.env['PATH']}`, TARGET: 'smoke' },
    })
    return source
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'build-tools-'))
    const { stdout: names } = await run('bash', ['setup/build-tools', 'names'])
    const { stdout } = await run('bash', ['setup/build-tools', 'pack', 'node'])
    name = names.split('\n')[0]!
    ;[sha256 = '', archive = ''] = stdout.trim().split('\t')
  })

  after(() => rm(folder, { recursive: true, force: true }))

  it('are named by what goes into them, whatever machine makes them', () => {
    assert.match(name, /^node-[0-9a-f]{16}-linux-x86_64$/)
    assert.match(sha256, /^[0-9a-f]{64}$/)
  })

  // They are for Linux; no other machine could run them.
  if (process.platform === 'linux')
    it('are taken where they have the digest that control says', async () => {
      const source = await build('right', `${sha256}  ${name}\n`, archive)
      // Less than what npm installs, and still all that the scripts load, whenever they load it.
      await cp('scripts', join(source, 'scripts'), { recursive: true })
      await writeFile(join(source, 'all.mjs'), loadsAll)
      await run(join(source, 'node_modules/.bin/node'), ['all.mjs'], { cwd: source })
      // Set-up, which every target begins with, finds them there.
      const { stdout, stderr } = await run('bash', ['setup/run'], { cwd: source })
      assert.deepEqual([stdout, stderr], ['', ''])
    })

  it('are refused where somebody put another archive in their place (B22)', async () => {
    const other = join(folder, 'other.tar.gz')
    await writeFile(other, 'not what was released')
    await assert.rejects(build('planted', `${sha256}  ${name}\n`, other), /is not what was released with these scripts/)
  })

  it('are refused where control does not name them, and named where they are missing', async () => {
    await assert.rejects(build('unnamed', ''), /tools\.sha256 names no node tools/)
    await assert.rejects(build('missing', `${sha256}  ${name}\n`), /a person sends them with make update-pipeline/)
  })
})
