import assert from 'node:assert/strict'
import { documentJob, promoteJob, publishJob, replicateVerb } from '../../../scripts/actions/publication/jobs.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { actionRuns, execution } from '../../fakes/pipelines.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { candidate, settings as ofImage, world } from '../distribution/world.ts'

const { IMAGE_ID: _, ...named } = ofImage
const settings = {
  ...named,
  REPO: 'web',
  BRANCH: 'main',
  EXECUTION_ID: 'e9',
  ARTIFACTS_BUCKET: 'own',
  SOURCE: 'source',
}
const yaml = 'images:\n  web: { regions: [us-east-1, eu-west-1], encryption: false, public: true }\n'
const tagged = { 'riglet-commit': 'c'.repeat(40), tags: 'v1.4.2' }

/** Of buckets what these jobs use. */
function heldBuckets() {
  const texts = new Map<string, string>()
  const metadata = new Map<string, Readonly<Record<string, string>>>()
  return {
    get: (bucket: string, key: string) => Promise.resolve(texts.get(`${bucket}/${key}`)),
    metadata: (bucket: string, key: string) => Promise.resolve(metadata.get(`${bucket}/${key}`)),
    put: (bucket: string, key: string, body: string | object, more: Readonly<Record<string, string>> = {}) => {
      texts.set(`${bucket}/${key}`, String(body))
      metadata.set(`${bucket}/${key}`, more)
      return Promise.resolve({ version: undefined })
    },
  }
}

/** A build: control in its root, and what was pushed or handed over in a folder. */
function build(pushed: Readonly<Record<string, string>> = {}) {
  const one = world(yaml)
  const from = fakeFiles(pushed)
  const buckets = heldBuckets()
  one.pipelines.history.push(execution('e1', { started: 1, revisionId: 'version-1' }))
  one.pipelines.actionRuns.push(
    ...actionRuns(
      { stage: 'Verify', action: 'Verify', execution: 'e1', started: 2 },
      { stage: 'Verify', action: 'Configure', execution: 'e1', started: 2, variables: { IMAGE_ID: candidate.id } },
    ),
  )
  const state = stackState('acme-shop-pipeline-web-main', 'CREATE_COMPLETE', {
    outputs: { PipelineName: 'acme-shop-pipeline-web-main' },
  })
  const stacks = fakeStacks({ states: [state] })
  const ports = { ...one.ports, stacks, buckets, filesIn: () => from } as unknown as Ports
  const exported = () =>
    Object.fromEntries(
      [...one.files.content.get('out/exports.env')!.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, key, value]) => [
        key!,
        value!,
      ]),
    )
  return { ...one, ports, buckets, exported }
}

describe('the jobs that publish', () => {
  it('replicate what was verified last, and write down what would be published for whoever is asked (G11, G12)', async () => {
    const { ports, exported, buckets } = build()
    assert.equal(await replicateVerb(settings, ports), 0)
    const { SUMMARY, ...told } = exported()
    assert.deepEqual(told, { IMAGE_ID: candidate.id, SOURCE_VERSION: 'version-1', PLAN_KEY: 'plans/e9/publish.txt' })
    assert.equal(SUMMARY, `web 1.4.2 of c0ffee1 (${candidate.id}) for EVERYBODY in us-east-1, eu-west-1`)
    const plan = await buckets.get('own', 'plans/e9/publish.txt')
    assert.match(plan!, /eu-west-1 .*MAKE PUBLIC/)
  })

  it('replicate nothing where nothing was verified (G30)', async () => {
    const { ports, pipelines, places } = build()
    pipelines.actionRuns.length = 0
    await assert.rejects(replicateVerb(settings, ports), { code: 'IMAGE' })
    assert.equal(places.count('copy'), 0)
  })

  it('publish nothing where replicate left a region out, and hand nothing on (G30)', async () => {
    const { ports, files } = build()
    await assert.rejects(publishJob({ ...settings, IMAGE_ID: candidate.id }, ports), /eu-west-1: .*replicate/)
    assert.equal(files.content.has('out/manifests/images.json'), false)
    assert.equal(files.content.has('out/exports.env'), false)
  })

  it('hand the manifest on, with what the push was, and write to no repository (G16)', async () => {
    const { ports, files, buckets, exported } = build()
    await replicateVerb(settings, ports)
    const job = { ...settings, IMAGE_ID: candidate.id, SOURCE_BUCKET: 'sources', SOURCE_VERSION: 'version-1' }
    await buckets.put('sources', 'web/main/source.zip', 'zip', tagged)
    assert.equal(await publishJob(job, ports), 0)
    const manifest = JSON.parse(files.content.get('out/manifests/images.json')!) as Record<string, object>
    assert.deepEqual(Object.keys(manifest['web']!), ['eu-west-1', 'us-east-1'])
    assert.equal(files.content.get('out/release.json'), '{"tags":["v1.4.2"]}\n')
    const { SUMMARY, ...told } = exported()
    assert.deepEqual(told, { RELEASE: 'v1.4.2', RELEASED: 'yes' })
    assert.match(SUMMARY!, /^web in eu-west-1 is ami-\w+; web in us-east-1 is ami-00000001$/)
  })

  it('hand on the same manifest where there is nothing to do, and say so of what is no release', async () => {
    const first = build()
    await replicateVerb(settings, first.ports)
    await publishJob({ ...settings, IMAGE_ID: candidate.id }, first.ports)
    const text = first.files.content.get('out/manifests/images.json')!
    first.files.content.delete('manifests/images.json')
    const from = fakeFiles({ 'manifests/images.json': text })
    assert.equal(await publishJob({ ...settings, IMAGE_ID: candidate.id }, { ...first.ports, filesIn: () => from }), 0)
    assert.equal(first.files.content.get('out/manifests/images.json'), text)
    assert.deepEqual(first.exported(), { SUMMARY: 'the manifest stays as it is', RELEASE: 'none', RELEASED: 'no' })
  })

  it('document and promote nothing that Publish did not hand over (G30)', async () => {
    const { ports } = build()
    await assert.rejects(documentJob(settings, ports), { code: 'IMAGE' })
    await assert.rejects(promoteJob({ ...settings, CHANNEL: 'stable' }, ports), /handed over no release\.json/)
  })
})
