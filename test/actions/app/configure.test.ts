import assert from 'node:assert/strict'
import { configure } from '../../../scripts/actions/app/configure.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFiles, fakeImages, fakeTerminal, imageFacts } from '../../fakes/image-ports.ts'
import { fakeInspection } from '../../fakes/pipelines.ts'
import { stackState } from '../../fakes/stacks.ts'

const settings = { OWNER: 'o', PROJECT: 'p', REPO: 'web', BRANCH: 'main', IMAGE_ID: 'ami-0new', EXECUTION_ID: 'e1' }
const own = { Version: '1.4.3', Commit: '4d1a90b7', Owner: 'o', Project: 'p', BuiltFor: 'pipeline web main' }

const world = (tags: Readonly<Record<string, string>> = own, state = 'available') => {
  const files = fakeFiles({ 'cloudformation/app-image.yaml': 'Resources: {}' })
  const ports = {
    files,
    images: fakeImages([imageFacts('ami-0new', tags, state)]),
    terminal: fakeTerminal(),
    stacks: { find: () => Promise.resolve(undefined) },
  } as Partial<Record<keyof Ports, unknown>> as Ports
  return { files, ports }
}

type Configuration = { readonly Parameters: Record<string, string>; readonly Tags: Record<string, string> }

describe('configure', () => {
  it('names the same image, version and commit to every environment (R47, A17)', async () => {
    const { files, ports } = world()
    await configure(settings, ports)
    for (const environment of ['integration', 'staging', 'production']) {
      const { Parameters, Tags } = JSON.parse(files.content.get(`out/${environment}.json`)!) as Configuration
      assert.deepEqual(
        [Parameters['Environment'], Parameters['ImageId'], Parameters['Version'], Parameters['Commit']],
        [environment, 'ami-0new', '1.4.3', '4d1a90b7'],
      )
      assert.deepEqual([Tags['Environment'], Tags['Layer']], [environment, 'app'])
      assert.equal(Parameters['App'], 'web-main')
    }
  })

  it('hands no revoked image to any environment, and says what helps (B13)', async () => {
    const { files, ports } = world({
      ...own,
      Revoked: '2026-02-01T08:00:00Z of ami-0new by ada',
      RevokedReason: 'leak',
    })
    await assert.rejects(configure(settings, ports), (error: RigletError) => {
      assert.equal(error.message, 'ami-0new is revoked since 2026-02-01T08:00:00Z, by ada: leak.')
      assert.match(
        error.remedy,
        /make retry-pipeline, or push a mended commit\.\nIf .*: make unrevoke IMAGE_ID=ami-0new$/,
      )
      return true
    })
    assert.equal(files.content.has('out/production.json'), false)
  })

  it('tells the next stages in variables that a shell can read, and never to clear production away', async () => {
    const { files, ports } = world()
    const stacks = { find: (name: string) => Promise.resolve(stackState(name, 'ROLLBACK_COMPLETE')) }
    await configure(settings, { ...ports, stacks } as unknown as Ports)
    const text = files.content.get('out/exports.env')!
    assert.match(text, /^export IMAGE_ID='ami-0new'$/m)
    assert.match(text, /^export VERSION='1\.4\.3'$/m)
    assert.match(text, /^export RECOVER='yes'$/m)
    assert.match(text, /^export RECOVER_STAGING='o-p-staging-app-web-main'$/m)
    assert.doesNotMatch(text, /production/i)
  })

  it('keeps what was set on a stack, has the size of the environment, and leaves out what the template does not know', async () => {
    const { files, ports } = world()
    files.content.set(
      'cloudformation/app-image.yaml',
      'Parameters:\n  HostName: { Type: String, Default: "" }\n  MinSize: { Type: String, Default: "" }\nResources: {}\n',
    )
    const tags = { Owner: 'o', Project: 'p' }
    const parameters = { HostName: 'shop.example.com', MinSize: '', Gone: '1', ImageId: 'ami-0old' }
    const find = (name: string) =>
      Promise.resolve(/production/.test(name) ? stackState(name, 'UPDATE_COMPLETE', { parameters, tags }) : undefined)
    const inspection = fakeInspection({}, {})
    await configure(settings, { ...ports, inspection, stacks: { find } } as unknown as Ports)
    const { Parameters } = JSON.parse(files.content.get('out/production.json')!) as Configuration
    assert.deepEqual(
      [Parameters['HostName'], Parameters['MinSize'], Parameters['Gone'], Parameters['ImageId']],
      ['shop.example.com', '2', undefined, 'ami-0new'],
    )
    const { Parameters: others } = JSON.parse(files.content.get('out/staging.json')!) as Configuration
    assert.equal(others['HostName'], undefined)
  })

  for (const [words, tags] of [
    ['of another pipeline', { ...own, BuiltFor: 'pipeline web side' }],
    ['that a person baked', { ...own, BuiltFor: 'hand web main' }],
    ['of another riglet', { ...own, Project: 'q' }],
    ['without a word of whose it is', {}],
  ] as const)
    it(`ships no image ${words}, whatever Bake says (B22)`, async () => {
      const { files, ports } = world(tags)
      await assert.rejects(configure(settings, ports), (error: RigletError) => {
        assert.match(error.message, /^ami-0new is not an image of this pipeline: its tag \w+ is /)
        return error.code === 'IMAGE'
      })
      assert.deepEqual([...files.content.keys()], ['cloudformation/app-image.yaml'])
    })

  it('ships no image that is not there to be shipped', async () => {
    await assert.rejects(configure(settings, world(own, 'disabled').ports), { code: 'IMAGE' })
  })
})
