import assert from 'node:assert/strict'
import { CreateChangeSetCommand, CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation'
import { after, before, describe, it } from 'mocha'
import { recoverApp } from '../../scripts/actions/stack/app.ts'
import { awaitApp } from '../../scripts/actions/stack/await-app.ts'
import { makeStacks } from '../../scripts/aws/stacks.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Clock, Ports, Stacks } from '../../scripts/core/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { fakePorts } from '../fakes/regional.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'
import { enter, onRehearsal, refusal } from './rehearsal.ts'

const settings = {
  OWNER: 'acme',
  PROJECT: 'shop',
  REGION: 'us-east-1',
  ENV: 'production',
  REPO: 'shop',
  BRANCH: 'main',
}
const app = (riglet: string): string => `${riglet}-production-app-shop-main`

const topic = { Type: 'AWS::SNS::Topic' }
const parameters = (owner: string) => ({
  Owner: owner,
  Project: 'shop',
  Repo: 'shop',
  Branch: 'main',
  Environment: 'production',
})
/** What needs so many seconds, and then fails. */
const slow = (seconds: number) => ({
  Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  Slow: {
    Type: 'AWS::CloudFormation::WaitCondition',
    Properties: { Handle: { Ref: 'Handle' }, Timeout: String(seconds) },
  },
})

describe('production’s stack', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const clock = makeClock(new AbortController().signal)
  /** Ten seconds of patience take a third of one. */
  const quick: Clock = { now: clock.now, sleep: (milliseconds) => clock.sleep(milliseconds / 30) }
  let leave = (): void => undefined
  let stacks: Stacks

  before(() => {
    leave = enter(ground)
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })
  after(() => leave())

  const portsWith = (terminal: FakeTerminal): Ports => ({ ...fakePorts(terminal), stacks, clock: quick })
  const asked = (owner: string, resources: object) => ({
    StackName: app(`${owner}-shop`),
    TemplateBody: JSON.stringify({
      Parameters: Object.fromEntries(Object.keys(parameters(owner)).map((name) => [name, { Type: 'String' }])),
      Resources: resources,
    }),
    Parameters: Object.entries(parameters(owner)).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: [
      { Key: 'Owner', Value: owner },
      { Key: 'Project', Value: 'shop' },
    ],
  })
  const settled = async (owner: string): Promise<string | undefined> => {
    for (;;) {
      const state = await stacks.find(app(`${owner}-shop`))
      if (!state?.status.endsWith('_IN_PROGRESS')) return state?.status
      await clock.sleep(200)
    }
  }

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
  it('takes no plan while it rolls, and takes one when the wait for it is over', async () => {
    const { cloudformation } = ground.aws
    await cloudformation.send(new CreateStackCommand(asked('acme', { Thing: topic })))
    assert.equal(await settled('acme'), 'CREATE_COMPLETE')
    await cloudformation.send(new UpdateStackCommand(asked('acme', { Thing: topic, ...slow(2) })))
    const plan = () =>
      cloudformation.send(
        new CreateChangeSetCommand({ ...asked('acme', { Thing: topic, More: topic }), ChangeSetName: 'plan-1' }),
      )
    assert.match((await refusal(plan())).message, /is in UPDATE_IN_PROGRESS state and can not be updated/)
    const terminal = answering()
    await awaitApp(settings, portsWith(terminal))
    assert.match(
      terminal.said[0]!,
      /acme-shop-production-app-shop-main is UPDATE_IN_PROGRESS: something else changes it/,
    )
    await plan()
  })

  it('is cleared away by a person where its first deployment failed, and planned anew', async () => {
    const { cloudformation } = ground.aws
    const own = { ...settings, OWNER: 'first' }
    await cloudformation.send(new CreateStackCommand(asked('first', slow(1))))
    assert.equal(await settled('first'), 'ROLLBACK_COMPLETE')
    const plan = { ...asked('first', { Thing: topic }), ChangeSetName: 'plan-1' }
    assert.match(
      (await refusal(cloudformation.send(new CreateChangeSetCommand(plan)))).message,
      /is in ROLLBACK_COMPLETE state and can not be updated/,
    )
    await assert.rejects(awaitApp(own, portsWith(answering())), ({ remedy }: RigletError) =>
      /make recover-app ENV=production REPO=shop BRANCH=main/.test(remedy),
    )
    assert.equal(await recoverApp(own, portsWith(answering('yes'))), 0)
    await awaitApp(own, portsWith(answering()))
    await cloudformation.send(new CreateChangeSetCommand({ ...plan, ChangeSetType: 'CREATE' }))
  })
})
