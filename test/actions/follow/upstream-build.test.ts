import assert from 'node:assert/strict'
import { follow } from '../../../scripts/actions/follow/follow.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { ExecutionStatus } from '../../../scripts/core/pipeline/state.ts'
import { execution } from '../../fakes/pipelines.ts'
import { commit, names, places, running, settings } from './world.ts'

const pipeline = 'acme-shop-pipeline-shop-main'
const staging = { ...settings, ENV: 'staging' }

/** A group whose pipeline, in the riglet's own account, had these executions; its branch has moved on, and no image is there. */
async function waiting(...statuses: readonly ExecutionStatus[]) {
  const world = await running()
  const { ports, refs, place } = world
  const text = await ports.files.read('manifests/groups.yaml')
  const build = `build: { pipeline: ${pipeline} }, repo:`
  await ports.files.write(
    'manifests/groups.yaml',
    text.replace('region: eu-west-1, repo:', `region: eu-west-1, ${build}`),
  )
  refs.set('refs/heads/main', commit(2))
  const asked: string[] = []
  const executions = (name: string) => {
    asked.push(name)
    return Promise.resolve(statuses.map((status, index) => execution(`e${index}`, { status })))
  }
  Object.assign(place('us-east-1').pipelines, { executions })
  return { ...world, asked, text: () => world.screen().replaceAll(/\s+/g, ' ') }
}

describe('follow, where a group names the pipeline that builds for it,', () => {
  it('keeps the last known image while that runs (A23)', async () => {
    const { ports, runs, text } = await waiting('Succeeded', 'InProgress')
    assert.equal(await follow(staging, ports), 0)
    assert.deepEqual(runs(places.web, names.web), ['ami-00000001', commit(1)])
    assert.match(text(), /= staging web .* keeps ami-00000001 .*; acme-shop-pipeline-shop-main in us-east-1 is running/)
  })

  it('fails where that does not run, for no image will come (A23)', async () => {
    const { ports, runs, text } = await waiting('Failed', 'Succeeded')
    assert.equal(await follow(staging, ports), 1)
    assert.deepEqual(runs(places.web, names.web), ['ami-00000001', commit(1)])
    assert.match(text(), /! staging web .*, and acme-shop-pipeline-shop-main in us-east-1 is not running/)
    assert.match(text(), /= staging api /)
  })

  it('says unchecked where it cannot be asked (A23)', async () => {
    const { ports, place, text } = await waiting()
    const denied = accessDenied('no right to list executions', new Error('x'))
    Object.assign(place('us-east-1').pipelines, { executions: () => Promise.reject(denied) })
    assert.equal(await follow(staging, ports), 1)
    assert.match(text(), /\? staging web .* not checked: .*; whether \S+ runs: no right to list executions/)
  })

  it('does not ask while there is nothing to wait for (A14)', async () => {
    const { ports, refs, asked } = await waiting('Failed')
    refs.set('refs/heads/main', commit(1))
    assert.equal(await follow(staging, ports), 0)
    assert.deepEqual(asked, [])
  })
})
