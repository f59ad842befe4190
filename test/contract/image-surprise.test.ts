import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { makeStacks } from '../../scripts/aws/cloudformation/stacks.ts'
import type { DesiredStack } from '../../scripts/core/stack/desired.ts'
import type { StackState } from '../../scripts/core/stack/state.ts'
import { discardPlans, makePlans } from '../../scripts/engine/make-plans.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { fakeBuckets } from '../fakes/image-ports.ts'
import { insideRehearsal, until } from './rehearsal.ts'

const [one, two] = ['ami-00000000000000001', 'ami-00000000000000002']

const template = (image: unknown, type = 'String'): string =>
  JSON.stringify({
    Parameters: {
      Digest: { Type: 'String', Default: '' },
      ImageId: { Type: 'String' },
      Newest: { Type: type, Default: type === 'String' ? '' : '/web/newest' },
    },
    Resources: {
      LaunchTemplate: {
        Type: 'AWS::EC2::LaunchTemplate',
        Properties: { LaunchTemplateData: { ImageId: image, InstanceType: 't3.micro' } },
      },
    },
  })

const app = (image: unknown, id = one, type?: string): DesiredStack => ({
  ...{ name: 'app', title: 'app', file: 'app.json', tags: { Owner: 'acme' }, capabilities: [] },
  template: template(image, type),
  parameters: { ImageId: id },
})

/** What CloudFormation itself says of a change of an AMI, and what becomes of it. */
describe('a change set that changes an AMI', function () {
  this.timeout(90_000)
  const ground = insideRehearsal()
  const stacks = () => makeStacks({ region: 'us-east-1' }, makeClock(new AbortController().signal))
  const buckets = fakeBuckets()
  const plan = async (desired: DesiredStack) => {
    const state: StackState | undefined = await stacks().find('app')
    return makePlans([{ desired, decision: { type: 'plan', state } }], { stacks: stacks(), buckets })
  }

  before(async () => {
    await ground.aws.ssm.send(new PutParameterCommand({ Name: '/web/newest', Type: 'String', Value: two }))
    const [made] = await plan(app({ Ref: 'ImageId' }))
    assert.ok(made?.type === 'changes')
    await stacks().execute(made)
    await until(
      () => stacks().find('app'),
      (state) => state?.status === 'CREATE_COMPLETE',
    )
  })

  for (const [what, desired] of [
    ['because its template names another one', app(two)],
    ['because its template looks one up', app('{{resolve:ssm:/web/newest}}')],
    ['because a parameter looks one up', app({ Ref: 'Newest' }, one, 'AWS::SSM::Parameter::Value<String>')],
  ] as const)
    it(`is refused ${what} (B05)`, async () => {
      await assert.rejects(plan(desired), /app would run another image than ami-\w+1[^]*LaunchTemplateData.ImageId/)
    })

  it('is planned where the image was asked for, and where none changes (B05)', async () => {
    for (const desired of [app({ Ref: 'ImageId' }, two), { ...app({ Ref: 'ImageId' }), tags: { Owner: 'other' } }]) {
      const plans = await plan(desired)
      assert.equal(plans[0]?.type, 'changes')
      await discardPlans(plans, { stacks: stacks() })
    }
  })
})
