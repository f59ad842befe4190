import assert from 'node:assert/strict'
import { handOverImage } from '../../../scripts/actions/image/hand-over-image.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeInspection } from '../../fakes/pipelines.ts'
import type { Ports } from '../../../scripts/core/ports.ts'
import { fakeBuckets, fakeFiles, imageFacts } from '../../fakes/image-ports.ts'
import { stackState } from '../../fakes/stacks.ts'

const image = imageFacts('ami-0new', { Version: '1.4.3', Commit: '4d1a90b7', Owner: 'o' })
const order = {
  riglet: { owner: 'o', project: 'p' },
  source: { repo: 'web', branch: 'main' },
  image,
  baked: true,
  commitTag: 'Commit',
  settings: {},
  bucket: 'artifacts',
}

const world = () => {
  const files = fakeFiles({
    'cloudformation/app-image.yaml': 'Resources: {}',
    'out/bake/packages.json': '{"nginx": "1.22"}',
  })
  const buckets = fakeBuckets()
  const ports = { files, buckets, stacks: { find: () => Promise.resolve(undefined) } } as unknown as Ports
  return { files, buckets, ports }
}

type Configuration = { readonly Parameters: Record<string, string>; readonly Tags: Record<string, string> }

describe('hand-over-image', () => {
  it('names the same image, version and commit to every environment (R47, A17)', async () => {
    const { files, ports } = world()
    await handOverImage(order, ports)
    for (const environment of ['integration', 'staging', 'production']) {
      const { Parameters, Tags } = JSON.parse(files.content.get(`out/${environment}.json`)!) as Configuration
      assert.deepEqual(
        [Parameters['Environment'], Parameters['ImageId'], Parameters['Version'], Parameters['Commit']],
        [environment, 'ami-0new', '1.4.3', '4d1a90b7'],
      )
      assert.equal(Tags['Environment'], environment)
      assert.equal(Parameters['App'], 'web-main')
    }
  })

  it('tells the next stages in variables that a shell can read (R47)', async () => {
    const { files, ports } = world()
    await handOverImage(order, ports)
    const text = files.content.get('out/exports.env')!
    assert.match(text, /^export IMAGE_ID='ami-0new'$/m)
    assert.match(text, /^export VERSION='1\.4\.3'$/m)
    assert.match(text, /^export RECOVER='no'$/m)
    assert.match(text, /^export RECOVER_PRODUCTION='o-p-none-app-web-main'$/m)
  })

  it('keeps what was set on a stack, and leaves out what the template does not know', async () => {
    const { files, ports } = world()
    files.content.set(
      'cloudformation/app-image.yaml',
      // In a form of its author's: nobody is asked in a pipeline, so what was set must not be lost over that.
      '# ours\r\n"Parameters": # what may be set\r\n    HostName: { Type: String, Default: "" }\r\n# sizes\r\n    MinSize:\r\n        Default: ""\r\nResources: {}\r\n',
    )
    const parameters = { HostName: 'shop.example.com', MinSize: '', Gone: '1', ImageId: 'ami-0old' }
    const find = (name: string) =>
      Promise.resolve(/production/.test(name) ? stackState(name, 'UPDATE_COMPLETE', { parameters }) : undefined)
    const inspection = fakeInspection({}, {})
    await handOverImage(order, { ...ports, stacks: { find }, inspection } as unknown as Ports)
    const { Parameters } = JSON.parse(files.content.get('out/production.json')!) as Configuration
    assert.deepEqual(
      [Parameters['HostName'], Parameters['MinSize'], Parameters['Gone'], Parameters['ImageId']],
      ['shop.example.com', undefined, undefined, 'ami-0new'],
    )
    const { Parameters: others } = JSON.parse(files.content.get('out/staging.json')!) as Configuration
    assert.equal(others['HostName'], undefined)
  })

  it('names the line where a template or a package list is wrong', async () => {
    const { files, ports } = world()
    files.content.set('out/bake/packages.json', '{\n  "nginx": \n}')
    await assert.rejects(handOverImage(order, ports), ({ code, message }: RigletError) => {
      assert.equal(code, 'FILE')
      return message.startsWith('out/bake/packages.json:3:1: ')
    })
    files.content.set('cloudformation/app-image.yaml', 'Resources:\n  A: { Value: */index.html }\n')
    await assert.rejects(handOverImage(order, ports), ({ code, message }: RigletError) => {
      assert.equal(code, 'TEMPLATE')
      return message.startsWith('cloudformation/app-image.yaml:2:15: ')
    })
  })

  it('keeps the package list of a new image, and none for one that was there already', async () => {
    const { buckets, ports } = world()
    await handOverImage({ ...order, baked: false }, ports)
    assert.equal(buckets.objects.size, 0)
    await handOverImage(order, ports)
    assert.equal(buckets.objects.get('artifacts/packages/ami-0new.json'), '{"nginx": "1.22"}')
  })
})
