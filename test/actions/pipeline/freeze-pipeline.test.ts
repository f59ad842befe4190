import assert from 'node:assert/strict'
import { freezePipeline, thawPipeline } from '../../../scripts/actions/pipeline/freeze-pipeline.ts'
import { deletePipeline } from '../../../scripts/actions/pipeline/pipeline.ts'
import type { Freeze } from '../../../scripts/core/approval/freeze.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ActionState, PipelineState, StageState } from '../../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

// The fakes' clock stands at 2026-01-31T12:00:00Z.
const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', REPO: 'web', BRANCH: 'main' },
  ...{ ENV: 'production', UNTIL: '2026-02-02T08:00Z', REASON: 'Release of the "new" shop: hands off' },
}
const place = '/acme/shop/freeze/production/web-main'
const pipeline = 'acme-shop-pipeline-web-main'

const action = (name: string, status: ActionState['status']): ActionState =>
  ({ name, status, changed: 0, summary: '', error: '', token: '', external: '', link: '' }) as ActionState
const stage = (name: string, status: StageState['status'], ...actions: ActionState[]): StageState => ({
  ...{ name, status, actions },
  execution: 'e1',
  barred: null,
})
const idle = stage('Production', 'Succeeded', action('Guard', 'Succeeded'), action('Execute', 'Succeeded'))
const integration = stage('Integration', 'Succeeded', action('Deploy', 'Succeeded'), action('Smoke', 'Succeeded'))

function world(production: StageState = idle) {
  const state: PipelineState = { name: pipeline, stages: [integration, production] }
  const terminal = answering('yes')
  const region = fakeRegion({ pipelines: fakePipelines(state), stacks: fakeStacks({ states: [stackState(pipeline)] }) })
  return { terminal, region, kept: region.held.parameters, ports: fakePorts(terminal, region) as Ports }
}

describe('freezing a pipeline', () => {
  it('keeps until when, why and by whom where the guard reads it', async () => {
    const { ports, kept, terminal } = world()
    await freezePipeline(settings, ports)
    assert.deepEqual(JSON.parse(kept.get(place)!) as Freeze, {
      until: '2026-02-02T08:00:00.000Z',
      reason: settings.REASON,
      by: 'arn:aws:iam::123456789012:user/ada',
      since: '2026-01-31T12:00:00.000Z',
    })
    assert.match(terminal.said.join('\n'), /production of \S+ is frozen until 2026-02-02T08:00Z: Release of the "new"/)
    assert.doesNotMatch(terminal.said.join('\n'), /past its guard/)
  })

  it('takes the place of the freeze before', async () => {
    const { ports, kept } = world()
    await freezePipeline(settings, ports)
    await freezePipeline({ ...settings, UNTIL: '2026-02-01T00:00+01:00', REASON: 'shorter' }, ports)
    assert.match(kept.get(place)!, /"until":"2026-01-31T23:00:00.000Z","reason":"shorter"/)
  })

  it('says what it does not stop: an execution that is past its guard', async () => {
    const { ports, terminal } = world(
      stage('Production', 'InProgress', action('Guard', 'Succeeded'), action('Execute', 'InProgress')),
    )
    await freezePipeline(settings, ports)
    assert.match(terminal.said.join('\n'), /Execution e1 is past its guard already, and goes on/)
  })

  for (const [what, more, words] of [
    ['a time that is over', { UNTIL: '2026-01-31T11:59Z' }, /is over: it is 2026-01-31T12:00Z now\.$/],
    ['a time that is now', { UNTIL: '2026-01-31T12:00Z' }, /is over/],
    ['a day that there is not', { UNTIL: '2026-02-30T10:00Z' }, /is a day that the calendar does not have\.$/],
    [
      'an environment before which nothing could hold it',
      { ENV: 'integration' },
      /has no guard before integration, so nothing could hold a freeze there; it has one before production\.$/,
    ],
    [
      'all of that at once',
      { UNTIL: '2020-01-01T00:00Z', ENV: 'staging' },
      /- UNTIL=.*\n.*- .*no guard before staging/,
    ],
  ] as const)
    it(`refuses ${what}, and keeps nothing`, async () => {
      const { ports, kept } = world()
      await assert.rejects(freezePipeline({ ...settings, ...more }, ports), (error: RigletError) => {
        assert.equal(error.exitCode, 2)
        assert.match(error.message, words)
        assert.match(error.remedy, /make freeze ENV=production UNTIL=/)
        return true
      })
      assert.equal(kept.size, 0)
    })

  it('refuses a pipeline that there is not, or that is another branch’s', async () => {
    const { ports, region, kept } = world()
    region.stacks.states.set(pipeline, stackState(pipeline, 'CREATE_COMPLETE', { parameters: { Repo: 'blog' } }))
    await assert.rejects(freezePipeline(settings, ports), ({ code }: RigletError) => code === 'STACK_TAKEN')
    const nowhere = { ...ports, pipelines: fakePipelines() }
    region.stacks.states.delete(pipeline)
    await assert.rejects(freezePipeline(settings, nowhere), /There is no pipeline acme-shop-pipeline-web-main/)
    assert.equal(kept.size, 0)
  })
})

describe('thawing a pipeline', () => {
  it('ends the freeze, and tells whose it was', async () => {
    const { ports, kept, terminal } = world()
    await freezePipeline(settings, ports)
    await thawPipeline(settings, ports)
    assert.equal(kept.size, 0)
    assert.match(terminal.said.at(-1)!, /is thawed\. It was frozen by ada until 2026-02-02T08:00Z: Release/)
    await thawPipeline(settings, ports)
    assert.match(terminal.said.at(-1)!, /^production of acme-shop-pipeline-web-main is not frozen\.$/)
  })

  it('clears away one that has run out, and one that cannot be read', async () => {
    for (const [text, words] of [
      [JSON.stringify({ until: '2026-01-01T00:00:00Z', reason: 'r', by: 'b', since: 's' }), /is not frozen/],
      ['{', /is thawed\. What was kept of its freeze could not be read/],
    ] as const) {
      const { ports, kept, terminal } = world()
      kept.set(place, text)
      await thawPipeline(settings, ports)
      assert.equal(kept.size, 0)
      assert.match(terminal.said.join('\n'), words)
    }
  })

  it('comes with the deletion of the pipeline: a new one of that name is not frozen', async () => {
    const { ports, kept, region } = world()
    region.stacks.states.set('acme-shop-jobs-web-main', stackState('acme-shop-jobs-web-main'))
    await freezePipeline(settings, ports)
    kept.set('/acme/shop/freeze/production/blog-main', 'another')
    await deletePipeline(settings, ports)
    assert.deepEqual([...kept.keys()], ['/acme/shop/freeze/production/blog-main'])
  })
})
