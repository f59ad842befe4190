import assert from 'node:assert/strict'
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { describe, it } from 'mocha'
import { findFreeze } from '../../scripts/actions/pipeline/find-freeze.ts'
import { freezePipeline, thawPipeline } from '../../scripts/actions/pipeline/freeze-pipeline.ts'
import { makeParameters } from '../../scripts/aws/parameters.ts'
import { fakePipelines } from '../fakes/pipelines.ts'
import { fakePorts, fakeRegion } from '../fakes/regional.ts'
import { fakeStacks, stackState } from '../fakes/stacks.ts'
import { answering } from '../fakes/terminal.ts'
import { loadTemplate } from '../templates/support/template.ts'
import { statementsOf } from '../templates/support/statements.ts'
import { insideRehearsal, refusal } from './rehearsal.ts'
import { allow, as, makeRole } from '../../rehearsal/contract/support/roles.ts'

const region = { region: 'us-east-1' } as const
const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', REPO: 'web', BRANCH: 'main', ENV: 'production' },
  ...{ UNTIL: '2026-02-02T08:00Z', REASON: 'Christmas trade: "hands off" – Zoë' },
}
const place = '/acme/shop/freeze/production/web-main'

/** What the template of the jobs allows one of their roles. */
const rightsOf = async (job: string): Promise<readonly object[]> =>
  statementsOf(await loadTemplate('jobs'))
    .filter(({ role }) => role === job)
    .map(({ actions, resources, condition }) => ({
      ...allow(actions, '*'),
      Resource: resources,
      Condition: condition,
    }))

describe('a freeze, kept by AWS', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  const world = () => {
    const name = 'acme-shop-pipeline-web-main'
    const action = { name: 'Guard', status: 'Succeeded', changed: 0, summary: '', error: '', token: '' } as const
    const pipelines = fakePipelines({
      name,
      stages: [
        {
          ...{ name: 'Production', execution: 'e', status: 'Succeeded', barred: null },
          actions: [{ ...action, external: '', link: '' }],
        },
      ],
    })
    const found = fakeRegion({ pipelines, stacks: fakeStacks({ states: [stackState(name)] }) })
    return { ...fakePorts(answering(), found), parameters: makeParameters(region) }
  }
  const held = (ports: ReturnType<typeof world>) =>
    findFreeze({ owner: 'acme', project: 'shop' }, 'production', { repo: 'web', branch: 'main' }, ports)

  it('is found as it was made, made again over the one before, and gone when it is thawed, twice', async () => {
    const ports = world()
    assert.equal(await held(ports), undefined)
    await freezePipeline({ ...settings, REASON: 'first' }, ports)
    await freezePipeline(settings, ports)
    assert.deepEqual(await held(ports), {
      ...{ until: '2026-02-02T08:00:00.000Z', reason: settings.REASON },
      ...{ by: 'arn:aws:iam::123456789012:user/ada', since: '2026-01-31T12:00:00.000Z' },
    })
    await thawPipeline(settings, ports)
    await thawPipeline(settings, ports)
    assert.equal(await held(ports), undefined)
  })

  it('is told with all others of a riglet, however many pages they take', async () => {
    const port = makeParameters(region)
    const names = Array.from({ length: 23 }, (_, index) => `/acme/shop/freeze/production/app-${index}`)
    for (const name of names) await port.put(name, name, { Owner: 'acme' })
    await port.put('/acme/shop/other', 'x', {})
    const values = await port.values('/acme/shop/freeze')
    assert.deepEqual([...values.keys()].sort(), names.toSorted())
    assert.ok([...values].every(([name, value]) => name === value))
    await port.remove(names)
  })

  for (const job of ['GuardRole', 'PacketRole'])
    it(`is read by the ${job} of its own pipeline, which changes nothing of it and reads no other`, async () => {
      const { ssm } = await as(ground, await makeRole(ground, `a-${job}`, '', await rightsOf(job)))
      const put = (Name: string) => new PutParameterCommand({ Name, Value: '{}', Type: 'String', Overwrite: true })
      const other = '/acme/shop/freeze/production/blog-main'
      for (const name of [place, other]) await ground.aws.ssm.send(put(name))
      assert.equal((await ssm.send(new GetParameterCommand({ Name: place }))).Parameter?.Value, '{}')
      for (const call of [
        () => ssm.send(put(place)),
        () => ssm.send(new GetParameterCommand({ Name: other })),
        () => ssm.send(new GetParameterCommand({ Name: '/acme/shop/production/web-main/secret' })),
        () => ssm.send(new GetParametersByPathCommand({ Path: '/acme/shop' })),
      ])
        assert.match((await refusal(call())).code, /^AccessDenied/)
    })
})

describe('a roll-back, kept by AWS', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  it('is read by the packet job: the roll-back of its own pipeline, which it does not change, and no other', async () => {
    const { ssm } = await as(ground, await makeRole(ground, 'a-packet', '', await rightsOf('PacketRole')))
    const put = (Name: string) => new PutParameterCommand({ Name, Value: '{}', Type: 'String', Overwrite: true })
    const [own, other] = ['web-main', 'blog-main'].map((app) => `/acme/shop/rollback/production/${app}`)
    for (const name of [own!, other!]) await ground.aws.ssm.send(put(name))
    assert.equal((await ssm.send(new GetParameterCommand({ Name: own! }))).Parameter?.Value, '{}')
    for (const call of [() => ssm.send(put(own!)), () => ssm.send(new GetParameterCommand({ Name: other! }))])
      assert.match((await refusal(call())).code, /^AccessDenied/)
  })
})
