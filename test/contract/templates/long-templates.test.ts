import assert from 'node:assert/strict'
import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation'
import { describe, it } from 'mocha'
import { convergeStacks } from '../../../scripts/engine/converge-stacks.ts'
import { makeRegional } from '../../../scripts/aws/ports.ts'
import type { DesiredStack } from '../../../scripts/core/stack/desired.ts'
import { makeClock } from '../../../scripts/io/clock.ts'
import { answering } from '../../fakes/terminal.ts'
import { insideRehearsal } from '../rehearsal.ts'

describe('templates of up to a megabyte', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()
  const tags = { Owner: 'long', Project: 'texts' }
  const commands = { create: '', update: '', status: '', remove: '', recover: '' }

  it('are planned, shown and executed by way of the artifact bucket', async () => {
    const cloud = ground.aws.cloudformation
    const StackName = 'long-texts-artifacts'
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    const TemplateBody = JSON.stringify({
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
      Outputs: { ArtifactBucket: { Value: { Ref: 'Bucket' } } },
    })
    await cloud.send(new CreateStackCommand({ StackName, TemplateBody, Tags }))
    await waitUntilStackCreateComplete({ client: cloud, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { StackName })

    const clock = makeClock(new AbortController().signal)
    const ports = { ...makeRegional({ region: 'us-east-1' }, clock), clock }
    const desired = (bytes: number): DesiredStack => ({
      name: 'long-texts-topic',
      title: 'topic',
      file: 'topic.json',
      template: JSON.stringify({
        Parameters: { Digest: { Type: 'String', Default: '' } },
        Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `for ${bytes}` } } },
        Metadata: { Why: 'x'.repeat(bytes) },
      }),
      parameters: {},
      tags,
      longTemplates: { stack: StackName, output: 'ArtifactBucket' },
      capabilities: [],
    })
    for (const [purpose, bytes] of [
      ['create', 60_000],
      ['update', 1_000_000],
    ] as const) {
      const terminal = answering('yes')
      const outcome = await convergeStacks(
        [desired(bytes)],
        { purpose, question: 'Go?', commands },
        { ...ports, terminal },
      )
      assert.equal(outcome.type, 'done')
      assert.match(terminal.shown[0]!, /Topic/)
    }
    const again = await convergeStacks(
      [desired(1_000_000)],
      { purpose: 'update', question: 'Go?', commands },
      { ...ports, terminal: answering() },
    )
    assert.equal(again.type, 'unchanged')
  })
})
