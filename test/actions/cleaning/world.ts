import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import type { FileVersions } from '../../../scripts/core/ports/local/git.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakePipelines } from '../../fakes/pipelines.ts'
import { fakePlaces, homeAccount } from '../../fakes/places.ts'
import { fakeFiles, imageFacts } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'

export const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' } as const
export const now = '2026-06-01T08:00:00Z'
export const home = `${homeAccount} us-east-1`
export const day = 86_400_000

export const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Version: '1.4.2', Inputs: '9f3c2e1a' } as const

/** An image of the riglet, made half a year ago. */
export const old = (id: string, more: Partial<ImageFacts> = {}): ImageFacts =>
  imageFacts(id, {
    name: `acme-shop/web/${id}`,
    account: homeAccount,
    region: 'us-east-1',
    created: '2025-12-01T08:00:00.000Z',
    snapshots: [`snap-${id}`],
    ...more,
    tags: { ...tags, ...more.tags },
  })

export const id = (number: number): string => `ami-${String(number).padStart(8, '0')}`

/** What a manifest says of some images in a region. */
export const manifest = (ids: readonly string[], region = 'us-east-1'): string =>
  JSON.stringify(Object.fromEntries(ids.map((one) => [`use-${one}`, { [region]: { id: one } }])))

export type Start = {
  readonly yaml?: string
  readonly current?: string
  readonly history?: FileVersions
  readonly answers?: readonly string[]
}

export const twoAccounts = `accounts:
  distribution: { account: "222222222222", role: riglet, regions: [us-east-1, eu-west-1] }
images:
  web: { account: distribution, encryption: false }
`

/** A riglet whose images, users and manifests are handed in. */
export function world(images: readonly ImageFacts[], { yaml, current, history, answers }: Start = {}) {
  const clock = fakeClock(now)
  const places = fakePlaces(clock, images)
  for (const { snapshots, account, region, tags: its } of images)
    for (const snapshot of snapshots)
      places.leaving.snapshots.set(snapshot, {
        place: `${account} ${region}`,
        id: snapshot,
        tags: its,
        begun: Date.parse('2025-12-01T08:00:00Z'),
      })
  const files = fakeFiles({
    ...(yaml === undefined ? {} : { 'manifests/images.yaml': yaml }),
    ...(current === undefined ? {} : { 'manifests/images.json': current }),
  })
  const terminal = answering(...(answers ?? Array.from({ length: 9 }, () => 'yes')))
  const git = { ...fakeGit(), versionsOf: () => Promise.resolve(history ?? { complete: true, versions: [] }) }
  const there = places.at({ region: 'us-east-1' })
  const stacks = { list: () => Promise.resolve([]) } as Partial<Ports['stacks']> as Ports['stacks']
  const ports = {
    ...there,
    ...{ at: places.at, clock, files, terminal, git, stacks, pipelines: fakePipelines() },
  } as Partial<Ports> as Ports
  return { ports, places, files, terminal, clock, screen: () => terminal.shown.at(-1) ?? '' }
}

/** A tag of git whose commit has a manifest. */
export const tagged = (name: string, ids: readonly string[], time = '2026-05-01T00:00:00Z') =>
  ({ type: 'tag', name, time: Date.parse(time), text: manifest(ids) }) as const
