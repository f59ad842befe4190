import type { Bake, Baked } from '../../../../scripts/actions/image/bake-image.ts'
import { bakeImages } from '../../../../scripts/actions/image/bake-images.ts'
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
  builderTypes: [],
  encrypted: true,
}
const parameter = '/aws/service/debian/release/12/latest/'

/** What is baked of the variable file alone. */
export async function bakeImage(order: Bake, ports: Ports): Promise<Baked> {
  const [one] = await bakeImages(order, undefined, ports)
  if (one?.type !== 'there') throw one!.why
  return one
}

export type World = {
  readonly images?: readonly ImageFacts[]
  readonly machines?: readonly { id: string; tags: Record<string, string> }[]
  readonly values?: Partial<typeof imageValues>
  readonly base?: ImageFacts
  readonly code?: number
  /** How Packer ends for an architecture. */
  readonly codes?: Readonly<Record<string, number>>
  readonly lines?: readonly string[]
}

/** A world in which Packer registers what it is told to, and leaves its manifest. */
export function world(given: World = {}) {
  const arm = { ...imageFacts('ami-0arm'), architecture: 'arm64' }
  const images = fakeImages([given.base ?? imageFacts('ami-0base'), arm, ...(given.images ?? [])], given.machines)
  const files = fakeFiles({ 'packer/web/web.pkrvars.hcl': '', 'packer/web/a.sh': 'true' })
  const packer = fakePacker(
    ({ variables: { inputs = '', owner = '', project = '', commit = '', output = '', ...more } }, say) => {
      given.lines?.forEach(say)
      const architecture = more['architecture']!
      const code = given.codes?.[architecture] ?? given.code
      if (code !== undefined) return code
      const id = architecture === 'arm64' ? 'ami-0newarm' : 'ami-0new'
      const tags = {
        ...{ Inputs: inputs, Owner: owner, Project: project, Image: 'web', Commit: commit },
        BuiltFor: more['built_for'] ?? '',
      }
      images.all.set(id, { ...imageFacts(id, tags, 'pending'), architecture })
      const manifest = { builds: [{ artifact_id: `us-east-1:${id}`, packer_run_uuid: 'x' }], last_run_uuid: 'x' }
      files.content.set(`${output}/packer-manifest.json`, JSON.stringify(manifest))
      files.content.set(`${output}/packages.json`, JSON.stringify({ nginx: architecture }))
      return 0
    },
    { ...imageValues, ...given.values },
  )
  const terminal = fakeTerminal()
  const parameters = fakeParameters({ [`${parameter}amd64`]: 'ami-0base', [`${parameter}arm64`]: 'ami-0arm' })
  const ports = { images, files, packer, terminal, parameters, clock: fakeClock() } as unknown as Ports
  return { images, files, packer, terminal, ports }
}
