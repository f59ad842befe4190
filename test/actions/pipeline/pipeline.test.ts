import assert from 'node:assert/strict'
import { changePipeline, deletePipeline, planPipeline } from '../../../scripts/actions/pipeline/pipeline.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { artifacts as ofRiglet } from '../../../scripts/core/layers/artifacts.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import { pipeline } from '../../../scripts/core/layers/pipeline.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings, templates } from '../../fakes/riglet.ts'
import { deployed, fakeStacks, stackState, type FakeStacks } from '../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../fakes/terminal.ts'

const name = 'acme-shop-pipeline-shop-main'
const jobs = 'acme-shop-jobs-shop-main'
const artifacts = 'acme-shop-artifacts'
const riglet = { owner: 'acme', project: 'shop' }
const ports = (stacks: FakeStacks, terminal: FakeTerminal) =>
  fakePorts(terminal, fakeRegion({ stacks }), { files: fakeFiles(templates) })

describe('pipeline', () => {
  it('brings what all pipelines share, the first time', async () => {
    const stacks = fakeStacks()
    assert.equal(await changePipeline('create', settings, ports(stacks, answering('yes', 'yes', 'yes'))), 0)
    assert.deepEqual([...stacks.states.keys()], [artifacts, jobs, name])
    const terminal = answering('yes', 'yes')
    assert.equal(await changePipeline('create', { ...settings, BRANCH: 'develop' }, ports(stacks, terminal)), 0)
    assert.equal(terminal.asked.length, 2)
  })

  it('is not made when what it stands on was declined', async () => {
    const stacks = fakeStacks()
    assert.equal(await changePipeline('create', settings, ports(stacks, answering('no'))), 1)
    assert.equal(stacks.states.size, 0)
  })

  it('tells that it was declined, also as data alone on standard output (JSON=1)', async () => {
    const terminal = answering('no')
    assert.equal(await changePipeline('create', settings, ports(fakeStacks(), terminal)), 1)
    assert.equal(terminal.shown.at(-1), 'acme-shop pipeline shop-main: nothing was changed')
    const asData = answering('no')
    assert.equal(await changePipeline('create', { ...settings, JSON: '1' }, ports(fakeStacks(), asData)), 1)
    assert.deepEqual(JSON.parse(asData.shown.join('')), { type: 'declined', stacks: [artifacts] })
  })

  it('tells all its stacks as data when it is created (JSON=1)', async () => {
    const terminal = answering('yes', 'yes', 'yes')
    await changePipeline('create', { ...settings, JSON: '1' }, ports(fakeStacks(), terminal))
    const { type, ends } = JSON.parse(terminal.shown.join('')) as { type: string; ends: { stack: string }[] }
    assert.deepEqual([type, ends.map(({ stack }) => stack)], ['done', [artifacts, jobs, name]])
  })

  it('says that the shared part was made when only the rest is declined', async () => {
    const stacks = fakeStacks()
    const terminal = answering('yes', 'no')
    assert.equal(await changePipeline('create', settings, ports(stacks, terminal)), 1)
    assert.equal(terminal.shown.at(-1), 'acme-shop pipeline shop-main: nothing more was changed')
    assert.deepEqual([...stacks.states.keys()], [artifacts])
  })

  for (const [status, answers] of [
    ['ROLLBACK_COMPLETE', ['yes', 'yes', 'yes', 'yes']],
    ['REVIEW_IN_PROGRESS', ['yes', 'yes', 'yes']],
  ] as const)
    it(`makes what all pipelines share anew over its remains (${status})`, async () => {
      const stacks = fakeStacks({ states: [stackState(artifacts, status)] })
      assert.equal(await changePipeline('create', settings, ports(stacks, answering(...answers))), 0)
      assert.deepEqual(
        [...stacks.states.values()].map((state) => state.status),
        ['CREATE_COMPLETE', 'CREATE_COMPLETE', 'CREATE_COMPLETE'],
      )
    })

  it('waits for what all pipelines share where an earlier run is making it', async () => {
    const stacks = fakeStacks()
    const shared = desiredStack(ofRiglet, { riglet }, templates[ofRiglet.template]!, settings)
    const plan = await stacks.plan(shared, undefined)
    assert.ok(plan.type === 'changes')
    await stacks.execute(plan)
    stacks.states.set(artifacts, deployed(shared, { status: 'CREATE_IN_PROGRESS' }))
    const terminal = answering('yes', 'yes')
    assert.equal(await changePipeline('create', settings, ports(stacks, terminal)), 0)
    assert.match(terminal.said.join('\n'), /artifacts: this very change is under way already/)
    assert.equal(stacks.states.get(name)!.status, 'CREATE_COMPLETE')
  })

  it('brings changes of what all pipelines share, planned, shown and asked like every other', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', settings, ports(stacks, answering('yes', 'yes', 'yes')))
    const mailed = { ...settings, EMAIL_ADDRESS: 'ops@example.com' }
    const planning = answering()
    await planPipeline(mailed, ports(stacks, planning))
    assert.match(planning.shown.join('\n'), /^artifacts: 1 changed\n[^]*pipeline: in sync/)
    assert.equal(stacks.states.get(artifacts)!.parameters['EmailAddress'], undefined)
    const terminal = answering('yes')
    assert.equal(await changePipeline('update', mailed, ports(stacks, terminal)), 0)
    assert.match(terminal.shown[0]!, /^artifacts: 1 changed/)
    assert.deepEqual(terminal.asked, ['Change acme-shop-artifacts, which all pipelines share?'])
    assert.equal(terminal.shown.at(-1), 'acme-shop pipeline shop-main: updated')
    assert.equal(stacks.states.get(artifacts)!.parameters['EmailAddress'], 'ops@example.com')
  })

  it('needs a call for each stack to say that all are in sync', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', settings, ports(stacks, answering('yes', 'yes', 'yes')))
    const before = stacks.calls.length
    const terminal = answering()
    assert.equal(await changePipeline('update', settings, ports(stacks, terminal)), 0)
    assert.equal(terminal.shown.at(-1), 'acme-shop pipeline shop-main: in sync, nothing to change')
    assert.deepEqual(stacks.calls.slice(before), [`find ${artifacts}`, `find ${name}`, `find ${jobs}`])
  })

  it('changes nothing of what all share on behalf of a pipeline that is not there', async () => {
    const stacks = fakeStacks({ states: [stackState(artifacts)] })
    await assert.rejects(
      changePipeline('update', settings, ports(stacks, answering('yes', 'yes'))),
      ({ message, remedy }: RigletError) =>
        message === `There is no stack ${name}.` && /make create-pipeline REPO=shop BRANCH=main/.test(remedy),
    )
    assert.deepEqual(stacks.planned, [])
  })

  it('bakes the image that is named, never one image id', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', { ...settings, IMAGE: 'runner' }, ports(stacks, answering('yes', 'yes', 'yes')))
    assert.equal(stacks.states.get(jobs)!.parameters['Image'], 'runner')
    const again = answering()
    await changePipeline('update', { ...settings, IMAGE: 'runner' }, ports(stacks, again))
    assert.match(again.shown.at(-1)!, /in sync/)
    await planPipeline({ ...settings, IMAGE: 'ami-00000000000000001' }, ports(stacks, again))
    assert.match(again.shown.at(-2)!, /jobs: in sync/)
  })

  it('keeps what an earlier update set, until that is typed empty', async () => {
    const stacks = fakeStacks()
    const set = { IMAGE: 'runner', EMAIL_ADDRESS: 'ops@example.com' }
    await changePipeline('create', { ...settings, ...set }, ports(stacks, answering('yes', 'yes', 'yes')))
    const colleague = answering()
    assert.equal(await changePipeline('update', settings, ports(stacks, colleague)), 0)
    assert.match(colleague.shown.at(-1)!, /in sync, nothing to change/)
    const reset = { ...settings, IMAGE: '', EMAIL_ADDRESS: '' }
    assert.equal(await changePipeline('update', reset, ports(stacks, answering('yes', 'yes'))), 0)
    assert.equal(stacks.states.get(jobs)!.parameters['Image'], undefined)
    assert.equal(stacks.states.get(artifacts)!.parameters['EmailAddress'], undefined)
  })

  it('gives the jobs of an earlier version’s pipeline what that was set to', async () => {
    const of = { riglet, source: { repo: 'shop', branch: 'main' }, control: '' }
    const before = desiredStack(pipeline, of, templates[pipeline.template]!, {})
    const earlier = { ...before, parameters: { ...before.parameters, Jobs: '', ControlKey: '', Image: 'runner' } }
    const shared = desiredStack(ofRiglet, { riglet }, templates[ofRiglet.template]!, settings)
    const stacks = fakeStacks({ states: [deployed(shared), deployed(earlier)] })
    assert.equal(await changePipeline('update', settings, ports(stacks, answering('yes', 'yes', 'yes'))), 0)
    assert.equal(stacks.states.get(jobs)!.parameters['Image'], 'runner')
  })

  it('does not go before the apps whose machines have their roles from its jobs', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', settings, ports(stacks, answering('yes', 'yes', 'yes')))
    const app = 'acme-shop-staging-app-shop-main'
    stacks.states.set(app, stackState(app, 'UPDATE_COMPLETE'))
    await assert.rejects(
      deletePipeline(settings, ports(stacks, answering('yes'))),
      ({ message, remedy }: RigletError) =>
        message.includes(`is still used by ${app}`) && /make delete-app ENV=\.\.\. REPO=shop BRANCH=main/.test(remedy),
    )
    assert.equal(stacks.states.size, 4)
  })

  it('stays, with all that is in its bucket, when the answer is no (R17)', async () => {
    const states = [stackState(name), stackState(jobs, 'CREATE_COMPLETE', { outputs: { ArtifactBucket: 'own' } })]
    const region = fakeRegion({ stacks: fakeStacks({ states }), buckets: { own: { tags: {}, versions: 7 } } })
    const terminal = answering('no')
    assert.equal(await deletePipeline(settings, fakePorts(terminal, region)), 1)
    assert.match(terminal.shown.at(-1)!, /: nothing was deleted$/)
    assert.deepEqual(region.stacks.removed, [])
    assert.equal(region.held.buckets.get('own')!.versions, 7)
  })

  it('leaves the shared buckets when it goes (R18)', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', settings, ports(stacks, answering('yes', 'yes', 'yes')))
    assert.equal(await deletePipeline(settings, ports(stacks, answering('yes'))), 0)
    assert.deepEqual([...stacks.states.keys()], [artifacts])
  })
})
