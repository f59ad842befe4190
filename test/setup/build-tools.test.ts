import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The `aws` of a build whose bucket is a folder; where the folder has no such object it answers as S3 does. */
const aws = (bucket: string): string => `#!/bin/sh
from=$4 to=$5
case $from in
  s3://*) cat "${bucket}/\${from#s3://tools-bucket/}" 2> /dev/null || { echo 'fatal error: 404' >&2; exit 1; } ;;
  *) mkdir -p "${bucket}/tools" && cp "$from" "${bucket}/\${to#s3://tools-bucket/}" ;;
esac
`

// They are for Linux; no other machine fetches any.
if (process.platform === 'linux')
  describe('the tools of a build', function () {
    this.timeout(120_000)
    let folder = ''

    const build = async (name: string): Promise<string> => {
      const source = join(folder, name)
      await mkdir(source)
      for (const part of ['setup', 'package.json', 'package-lock.json', '.npmrc'])
        await cp(part, join(source, part), { recursive: true })
      const { stderr } = await run('bash', ['setup/build-tools', 'fetch', 'tools-bucket'], {
        cwd: source,
        env: { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}`, TARGET: 'smoke' },
      })
      await run(join(source, 'node_modules/.bin/node'), ['--version'])
      return stderr
    }

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'build-tools-'))
      await mkdir(join(folder, 'bin'))
      await writeFile(join(folder, 'bin/aws'), aws(join(folder, 'bucket')))
      await chmod(join(folder, 'bin/aws'), 0o755)
    })

    after(() => rm(folder, { recursive: true, force: true }))

    it('are made and stored by the first one where nobody has sent any, and taken by the next', async () => {
      assert.match(await build('first'), /^No node tools in the bucket \(fatal error: 404\): making them/)
      assert.match((await readdir(join(folder, 'bucket/tools'))).join(), /^node-[0-9a-f]{16}-\w+-\w+\.tar\.gz$/)
      assert.equal(await build('next'), '')
    })
  })
