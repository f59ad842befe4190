import assert from 'node:assert/strict'
import { deletePipeline } from '../../../scripts/actions/pipeline/pipeline.ts'
import { changePublication, deletePublication } from '../../../scripts/actions/publication/publication.ts'
import { recoverPublication } from '../../../scripts/actions/recover/recover.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings as ofRiglet, tags, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = { ...ofRiglet, IMAGE: 'web' }
const name = 'acme-shop-publication-shop-main'
const artifacts = stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags, outputs: { ArtifactBucket: 'shared' } })
const pipeline = stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
  tags,
  outputs: { PipelineName: 'acme-shop-pipeline-shop-main' },
})
const hub = `accounts:
  hub: { account: "222222222222", role: riglet/distribution, regions: [us-east-1] }
images:
  web: { account: hub }
`

function world(yaml: string, states = [artifacts, pipeline], answers: readonly string[] = ['yes']) {
  const stacks = fakeStacks({ states })
  const terminal = answering(...answers)
  const region = fakeRegion({ stacks })
  const ports = fakePorts(terminal, region, {
    files: fakeFiles({ ...templates, 'manifests/images.yaml': yaml }),
  })
  return { ports, stacks, terminal, region }
}

describe('publication', () => {
  it('is made with the rights that images.yaml asks for, and updated with those of another account (G32)', async () => {
    const { ports, stacks } = world(hub)
    assert.equal(await changePublication('create', settings, ports), 0)
    const { Role, Image, VerifyPipeline, Consumer } = stacks.states.get(name)!.parameters
    assert.deepEqual(
      [Role, Image, VerifyPipeline, Consumer],
      ['arn:aws:iam::222222222222:role/riglet/distribution', 'web', pipeline.name, ''],
    )
    const other = world(hub.replaceAll('222222222222', '444444444444'), [...stacks.states.values()])
    assert.equal(await changePublication('update', settings, other.ports), 0)
    assert.match(other.stacks.states.get(name)!.parameters['Role']!, /444444444444/)
  })

  it('is made for no image that images.yaml or the pipeline does not have, and not without a pipeline', async () => {
    await assert.rejects(changePublication('create', { ...settings, IMAGE: 'runner' }, world(hub).ports), {
      code: 'NOT_FOUND',
    })
    const jobs = stackState('acme-shop-jobs-shop-main', 'CREATE_COMPLETE', { tags, parameters: { Image: 'runner' } })
    await assert.rejects(changePublication('create', settings, world(hub, [artifacts, pipeline, jobs]).ports), {
      code: 'IMAGE',
      message: 'The pipeline of shop-main bakes runner, not web.',
    })
    await assert.rejects(changePublication('create', settings, world(hub, [artifacts]).ports), {
      code: 'STACK_NEEDED',
    })
    const { IMAGE: _, ...unnamed } = settings
    await assert.rejects(changePublication('create', unnamed, world(hub).ports), /IMAGE is missing/)
  })

  it('keeps its pipeline from being deleted, and goes itself before, its bucket emptied first', async () => {
    const own = stackState(name, 'CREATE_COMPLETE', { tags, outputs: { ArtifactBucket: 'plans' } })
    const { ports, stacks, terminal } = world(hub, [artifacts, pipeline, own])
    await assert.rejects(
      deletePipeline(settings, ports),
      ({ message, remedy }: { message: string; remedy: string }) => {
        assert.match(message, new RegExp(name))
        assert.match(remedy, /make delete-publication REPO=shop BRANCH=main/)
        return true
      },
    )
    const bucket = { ...ports.buckets, empty: (one: string) => Promise.resolve((terminal.say(`emptied ${one}`), 1)) }
    assert.equal(await deletePublication(settings, { ...ports, buckets: bucket }), 0)
    assert.deepEqual(stacks.removed, [name])
    assert.match(terminal.said.join('\n'), /emptied plans/)
    assert.match(terminal.shown[0]!, /the plans that were approved go with it/)
  })

  it('is helped where its update failed', async () => {
    const stuck = stackState(name, 'UPDATE_ROLLBACK_FAILED', { tags })
    const { ports, stacks } = world(hub, [artifacts, pipeline, stuck])
    await recoverPublication(settings, ports)
    assert.notEqual(stacks.states.get(name)!.status, 'UPDATE_ROLLBACK_FAILED')
  })
})
