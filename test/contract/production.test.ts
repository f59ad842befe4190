import assert from 'node:assert/strict'
import { CreateChangeSetCommand, CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation'
import { before, describe, it } from 'mocha'
import { appSubject, deleteApp } from '../../scripts/actions/app/app.ts'
import { awaitApp } from '../../scripts/actions/app/await-app.ts'
import { protectSubject, unprotectSubject } from '../../scripts/engine/protect.ts'
import { recoverApp } from '../../scripts/actions/recover/recover.ts'
import { makeStacks } from '../../scripts/aws/cloudformation/stacks.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import type { Stacks } from '../../scripts/core/ports/stacks.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { fakePorts } from '../fakes/regional.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'
import { insideRehearsal, refusal } from './rehearsal.ts'

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
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  /** Ten seconds of patience take a third of one. */
  const quick: Clock = { now: clock.now, sleep: (milliseconds) => clock.sleep(milliseconds / 30) }
  let stacks: Stacks

  before(() => {
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })

  const portsWith = (terminal: FakeTerminal): Ports => ({ ...fakePorts(terminal), stacks, clock: quick })
  const askedOf = (owner: string, resources: object) => ({
    StackName: app(`${owner}-shop`),
    TemplateBody: JSON.stringify({
      Parameters: Object.fromEntries(
        [...Object.keys(parameters(owner)), 'Foundation'].map((name) => [name, { Type: 'String', Default: '' }]),
      ),
      Resources: resources,
    }),
    Parameters: Object.entries(parameters(owner)).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: [
      { Key: 'Owner', Value: owner },
      { Key: 'Project', Value: 'shop' },
      { Key: 'Environment', Value: 'production' },
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
    await cloudformation.send(new CreateStackCommand(askedOf('acme', { Thing: topic })))
    assert.equal(await settled('acme'), 'CREATE_COMPLETE')
    await cloudformation.send(new UpdateStackCommand(askedOf('acme', { Thing: topic, ...slow(2) })))
    const plan = () =>
      cloudformation.send(
        new CreateChangeSetCommand({ ...askedOf('acme', { Thing: topic, More: topic }), ChangeSetName: 'plan-1' }),
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
    await cloudformation.send(new CreateStackCommand(askedOf('first', slow(1))))
    assert.equal(await settled('first'), 'ROLLBACK_COMPLETE')
    const plan = { ...askedOf('first', { Thing: topic }), ChangeSetName: 'plan-1' }
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

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
  it('keeps what holds state once it is protected, takes other changes, and goes only by its name', async () => {
    const { cloudformation } = ground.aws
    const own = { ...settings, OWNER: 'kept' }
    const name = app('kept-shop')
    const asked = (resources: object) => {
      const { Parameters, ...rest } = askedOf('kept', resources)
      return { ...rest, Parameters: [...Parameters, { ParameterKey: 'Foundation', ParameterValue: 'ground' }] }
    }
    const group = (display: string, retain: object = {}) => ({
      ...topic,
      Properties: { DisplayName: display },
      ...retain,
    })
    const update = async (resources: object): Promise<string | undefined> => {
      await cloudformation.send(new UpdateStackCommand(asked(resources)))
      return settled('kept')
    }
    await cloudformation.send(new CreateStackCommand(asked({ Group: group('a') })))
    assert.equal(await settled('kept'), 'CREATE_COMPLETE')
    await protectSubject(appSubject(own), portsWith(answering()))
    assert.equal((await stacks.find(name))!.protected, true)

    assert.equal(await update({ Group: group('b'), Other: topic }), 'UPDATE_COMPLETE')
    assert.equal(
      await update({ Group: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'other' } }, Other: topic }),
      'UPDATE_ROLLBACK_COMPLETE',
    )
    assert.equal(await update({ Group: group('b') }), 'UPDATE_COMPLETE')
    const { message } = await refusal(stacks.remove((await stacks.find(name))!.id))
    assert.match(message, /is protected against deletion/)
    await assert.rejects(
      deleteApp(own, portsWith(answering('yes'))),
      ({ code }: RigletError) => code === 'NOT_CONFIRMED',
    )

    await unprotectSubject(appSubject(own), name, portsWith(answering()))
    assert.equal(
      await update({ Group: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'other' } } }),
      'UPDATE_COMPLETE',
    )
    await protectSubject(appSubject(own), portsWith(answering()))
    assert.equal(await deleteApp({ ...own, NAME: name }, portsWith(answering())), 0)
    assert.equal(await stacks.find(name), undefined)
  })
})
