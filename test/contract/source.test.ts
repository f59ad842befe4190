import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { before, describe, it } from 'mocha'
import { makeCheckout } from '../io/git/support/checkout.ts'
import { onRehearsal } from './rehearsal.ts'
import { endOf, makeProject, startBuild } from '../../rehearsal/contract/support/builds.ts'
import { allow, makeRole } from '../../rehearsal/contract/support/roles.ts'

const script = resolve(import.meta.dirname, '../io/support/print-inputs.ts')

describe('a source that was pushed, in a build', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  let serviceRole = ''
  before(async () => {
    serviceRole = await makeRole(ground, 'builds', 'codebuild.amazonaws.com', [allow(['logs:*', 's3:*'])])
  })

  it('has the inputs that it has on a laptop, although links arrive as text (B01)', async () => {
    const here = await makeCheckout()
    try {
      await here.put('packer/web/files/a.gif', Buffer.from([0x47, 0xff, 0x0d, 0x0a]))
      await here.put('packer/web/run', '#!/bin/sh\n', 0o755)
      await here.put('app/bin/tool', 'x', 0o755)
      await here.tie('packer/web/app', '../../app')
      await here.put('.gitattributes', 'files export-ignore\n')
      here.commit()
      await here.archive()
      const { aws } = ground
      await aws.s3.send(new CreateBucketCommand({ Bucket: 'sources' }))
      const Body = await readFile(join(here.home, 'source.zip'))
      await aws.s3.send(new PutObjectCommand({ Bucket: 'sources', Key: 'source.zip', Body }))
      const buildspec = {
        env: { 'exported-variables': ['LINK', 'INPUTS'] },
        phases: {
          build: {
            commands: [
              'export LINK="$(cat packer/web/app)"',
              `export INPUTS="$(${process.execPath} --disable-warning=ExperimentalWarning ${script})"`,
            ],
          },
        },
      }
      await makeProject(ground, { name: 'inputs', buildspec, serviceRole, source: 'sources/source.zip' })
      const done = await endOf(ground, await startBuild(ground, 'inputs'))
      assert.equal(done.buildStatus, 'SUCCEEDED', JSON.stringify(done.phases))
      assert.deepEqual(done.exportedEnvironmentVariables, [
        { name: 'LINK', value: '../../app' },
        { name: 'INPUTS', value: await here.hash(here.root) },
      ])
    } finally {
      await here.remove()
    }
  })
})
