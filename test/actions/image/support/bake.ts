import type { Bake } from '../../../../scripts/actions/image/bake-image.ts'
import type { ImageFacts } from '../../../../scripts/core/image/image-facts.ts'
import type { Ports } from '../../../../scripts/core/ports/ports.ts'
import {
  fakeClock,
  fakeFiles,
  fakeImages,
  fakePacker,
  fakeParameters,
  fakeTerminal,
  imageValues,
  imageFacts,
} from '../../../fakes/image-ports.ts'

/** What a job of the pipeline bakes. */
export const bake: Bake = {
  owner: 'o',
  project: 'p',
  region: 'us-east-1',
  image: 'web',
  source: '',
  builtFor: 'pipeline web main',
  build: 'arn:build',
  subnet: 'subnet-1',
  securityGroup: 'sg-1',
  commit: '4d1a90b7',
  commitTag: 'Commit',
  key: 'arn:key',
}
const parameter = '/aws/service/debian/release/12/latest/amd64'

export type World = {
  readonly images?: readonly ImageFacts[]
  readonly machines?: readonly { id: string; tags: Record<string, string> }[]
  readonly values?: Partial<typeof imageValues>
  readonly base?: ImageFacts
  readonly code?: number
  readonly lines?: readonly string[]
}

/** A world in which Packer registers what it is told to, and leaves its manifest. */
export function world(given: World = {}) {
  const images = fakeImages([given.base ?? imageFacts('ami-0base'), ...(given.images ?? [])], given.machines)
  const files = fakeFiles({ 'packer/web/web.pkrvars.hcl': '', 'packer/web/a.sh': 'true' })
  const packer = fakePacker(
    ({ variables: { inputs = '', owner = '', project = '', commit = '', ...more } }, say) => {
      given.lines?.forEach(say)
      if (given.code !== undefined) return given.code
      images.all.set(
        'ami-0new',
        imageFacts(
          'ami-0new',
          {
            ...{ Inputs: inputs, Owner: owner, Project: project, Image: 'web', Commit: commit },
            BuiltFor: more['built_for'] ?? '',
          },
          'pending',
        ),
      )
      const manifest = { builds: [{ artifact_id: 'us-east-1:ami-0new', packer_run_uuid: 'x' }], last_run_uuid: 'x' }
      files.content.set('out/bake/packer-manifest.json', JSON.stringify(manifest))
      return 0
    },
    { ...imageValues, ...given.values },
  )
  const terminal = fakeTerminal()
  const parameters = fakeParameters({ [parameter]: 'ami-0base' })
  const ports = { images, files, packer, terminal, parameters, clock: fakeClock() } as unknown as Ports
  return { images, files, packer, terminal, ports }
}
