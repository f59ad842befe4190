import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { changePipeline, deletePipeline, type PipelineSettings } from '../../scripts/actions/pipeline/pipeline.ts'
import { makeStacks } from '../../scripts/aws/cloudformation/stacks.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import { withKeptNames } from '../../scripts/core/stack/kept-names.ts'
import { rigletName } from '../../scripts/core/names.ts'
import { isOfStack } from '../../scripts/core/stack/events.ts'
import { isTerminal } from '../../scripts/core/stack/state.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import type { Stacks } from '../../scripts/core/ports/stacks.ts'
import { layers } from '../../scripts/core/layers/layers.ts'
import { desiredStack } from '../../scripts/core/layers/layer.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { fakeFiles, fakePorts } from '../fakes/regional.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'
import { insideRehearsal } from './rehearsal.ts'

/** The parameters of ours, and one thing. */
const template = (names: readonly string[], more: object = {}): string =>
  JSON.stringify({
    Parameters: Object.fromEntries([...names, 'Digest'].map((name) => [name, { Type: 'String', Default: '' }])),
    Resources: { Thing: { Type: 'AWS::SNS::Topic' } },
    ...more,
  })
const riglet = ['Owner', 'Project', 'Riglet']
const ofSource = [...riglet, 'Repo', 'Branch', 'App', 'Artifacts', 'SourceKey', 'ControlKey']
const templates = {
  'package.json': '{ "version": "1.2.3" }',
  [layers.artifacts.template]: template([...riglet, 'EmailAddress'], {
    Outputs: { ArtifactBucket: { Value: 'bucket' } },
  }),
  [layers.jobs.template]: template([...ofSource, 'Image', 'BuildFoundation', 'Pipeline']),
  [layers.pipeline.template]: template([...ofSource, 'Jobs']),
}

const settings = (OWNER: string, PROJECT: string, REPO: string, BRANCH: string): PipelineSettings => ({
  OWNER,
  PROJECT,
  REPO,
  BRANCH,
  REGION: 'us-east-1',
})

describe('two things whose words hyphens would join to one name', function () {
  this.timeout(60_000)
  insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  let stacks: Stacks

  before(() => {
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })

  const portsWith = (terminal: FakeTerminal): Ports => ({
    ...fakePorts(terminal, undefined, { files: fakeFiles(templates) }),
    stacks,
    clock,
  })
  /** As scripts/main.ts does it: names first, then the story. */
  const create = async (given: PipelineSettings): Promise<FakeTerminal> => {
    const terminal = answering('yes', 'yes', 'yes')
    assert.equal(await changePipeline('create', await withKeptNames(given, stacks.list), portsWith(terminal)), 0)
    return terminal
  }
  const pipelines = async (): Promise<string[]> =>
    (await stacks.list({}))
      .filter(({ parameters, status }) => parameters['Jobs'] !== undefined && !status.startsWith('DELETE'))
      .map(({ name, parameters: { Owner, Project, Repo, Branch } }) => `${name}: ${Owner} ${Project} ${Repo} ${Branch}`)
      .sort()

  it('are two branches, with a stack each', async () => {
    await create(settings('acme', 'shop', 'web', 'api-main'))
    const terminal = await create(settings('acme', 'shop', 'web-api', 'main'))
    assert.match(terminal.shown.at(-1)!, /created/)
    assert.deepEqual(await pipelines(), [
      'acme-shop-pipeline-web--api-main: acme shop web api-main',
      'acme-shop-pipeline-web-api--main: acme shop web-api main',
    ])
  })

  it('are two riglets, with stacks of their own', async () => {
    await create(settings('a-b', 'c', 'web', 'main'))
    await create(settings('a', 'b-c', 'web', 'main'))
    assert.deepEqual(
      (await pipelines()).filter((line) => line.startsWith('a-')),
      [
        `${rigletName({ owner: 'a', project: 'b-c' })}-pipeline-web-main: a b-c web main`,
        `${rigletName({ owner: 'a-b', project: 'c' })}-pipeline-web-main: a-b c web main`,
      ].sort(),
    )
  })

  it('are told apart from what was made when they were not, which keeps its name', async () => {
    // As riglet made it before: a stack of either name could have been the other one's.
    const old = { riglet: 'x-y-z', app: 'web-api-main' }
    const owner = { owner: 'x-y', project: 'z', name: old.riglet }
    const source = { repo: 'web', branch: 'api-main', app: old.app }
    const plan = await stacks.plan(
      desiredStack(
        layers.pipeline,
        { riglet: owner, source, control: 'control/1.zip' },
        templates[layers.pipeline.template]!,
        {},
      ),
      undefined,
    )
    assert.ok(plan.type === 'changes')
    const token = await stacks.execute(plan)
    for (let done = false; !done; await clock.sleep(100))
      done = (await stacks.events(plan.stackId, { type: 'token', token })).some(
        (event) => isOfStack(event, plan.stackId) && isTerminal(event.status),
      )

    const found = await withKeptNames(settings('x-y', 'z', 'web', 'api-main'), stacks.list)
    assert.deepEqual(found.kept, old)
    const terminal = answering('yes', 'yes', 'yes')
    await changePipeline('create', found, portsWith(terminal))
    await create(settings('x-y', 'z', 'web-api', 'main'))
    await create(settings('x', 'y-z', 'web', 'api-main'))
    assert.deepEqual(
      (await pipelines()).filter((line) => line.startsWith('x-')),
      [
        `${rigletName({ owner: 'x', project: 'y-z' })}-pipeline-web--api-main: x y-z web api-main`,
        'x-y-z-pipeline-web-api--main: x-y z web-api main',
        'x-y-z-pipeline-web-api-main: x-y z web api-main',
      ].sort(),
    )
  })

  it('are never taken for each other, whatever name is asked for', async () => {
    const before = await pipelines()
    const terminal = answering('yes', 'yes', 'yes')
    const taken = {
      ...settings('x-y', 'z', 'web-api', 'main'),
      kept: { riglet: 'x-y-z', app: 'web-api-main' },
    }
    // Jobs and pipeline are looked at side by side: either may be told first.
    const refused = ({ code, message }: RigletError): boolean =>
      code === 'STACK_TAKEN' &&
      /The stack x-y-z-(?:jobs|pipeline)-web-api-main belongs to REPO=web BRANCH=api-main;/.test(message)
    await assert.rejects(changePipeline('update', taken, portsWith(terminal)), refused)
    await assert.rejects(deletePipeline(taken, portsWith(terminal)), refused)
    assert.deepEqual(terminal.asked, [])
    assert.deepEqual(await pipelines(), before)
  })
})
