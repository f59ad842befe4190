import assert from 'node:assert/strict'
import { changePipeline, deletePipeline, planPipeline } from '../../scripts/actions/pipeline.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../fakes/regional.ts'
import { settings, templates } from '../fakes/riglet.ts'
import { fakeStacks, type FakeStacks } from '../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../fakes/terminal.ts'

const name = 'acme-shop-pipeline-shop-main'
const artifacts = 'acme-shop-artifacts'
const ports = (stacks: FakeStacks, terminal: FakeTerminal) =>
  fakePorts(terminal, fakeRegion({ stacks }), { files: fakeFiles(templates) })

describe('pipeline', () => {
  it('brings what all pipelines share, the first time', async () => {
    const stacks = fakeStacks()
    assert.equal(await changePipeline('create', settings, ports(stacks, answering('yes', 'yes'))), 0)
    assert.deepEqual([...stacks.states.keys()], [artifacts, name])
    const terminal = answering('yes')
    assert.equal(await changePipeline('create', { ...settings, BRANCH: 'develop' }, ports(stacks, terminal)), 0)
    assert.equal(terminal.asked.length, 1)
  })

  it('is not made when what it stands on was declined', async () => {
    const stacks = fakeStacks()
    assert.equal(await changePipeline('create', settings, ports(stacks, answering('no'))), 1)
    assert.equal(stacks.states.size, 0)
  })

  it('bakes the image that is named, never one image id', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', { ...settings, IMAGE: 'runner' }, ports(stacks, answering('yes', 'yes')))
    assert.equal(stacks.states.get(name)!.parameters['Image'], 'runner')
    const again = answering()
    await changePipeline('update', { ...settings, IMAGE: 'runner' }, ports(stacks, again))
    assert.match(again.shown.at(-1)!, /in sync/)
    await planPipeline({ ...settings, IMAGE: 'ami-00000000000000001' }, ports(stacks, again))
    assert.match(again.shown.at(-1)!, /pipeline: 1 changed/)
  })

  it('leaves the shared buckets when it goes (R18)', async () => {
    const stacks = fakeStacks()
    await changePipeline('create', settings, ports(stacks, answering('yes', 'yes')))
    assert.equal(await deletePipeline(settings, ports(stacks, answering('yes'))), 0)
    assert.deepEqual([...stacks.states.keys()], [artifacts])
  })
})
