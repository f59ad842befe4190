import { ModifyImageAttributeCommand, RegisterImageCommand } from '@aws-sdk/client-ec2'
import type { Entry } from '../../scripts/core/manifest/manifest.ts'
import type { Place } from './places.ts'

/** What images are shared with by its number; it gives no role. */
export const consumer = '555555555555'

/** Requests under way at once: a few for each processor of the rehearsal. */
const together = 12
const inputs = '9f3c2e1a'.repeat(8)

/** An image at each place. */
export type Release = readonly { readonly place: Place; readonly entry: Entry }[]

/** What was registered. */
export type Stock = {
  /** Of the first place. */
  readonly candidates: readonly string[]
  readonly releases: readonly Release[]
}

export const nothing: Stock = { candidates: [], releases: [] }

/**
 * Registers images until there are `count` in all: half of them candidates in the riglet's own account and region, where each bake
 * leaves one; the others are published, one at each place by a release. Only the last one is shared, as images.yaml wants it of
 * what the checkout's manifest names.
 */
export async function seed(places: readonly Place[], stock: Stock, count: number): Promise<Stock> {
  const [home] = places as readonly [Place]
  const releaseCount = Math.floor(count / 2 / places.length)
  const candidates = [...stock.candidates]
  const candidateCount = count - places.length * releaseCount
  await allOf(range(candidates.length, candidateCount), async (number) => {
    candidates[number] = await register(home, `candidate/web/${number}`, { Image: 'web' })
  })
  const made = await allOf(range(stock.releases.length * places.length, releaseCount * places.length), (number) => {
    const [release, place] = [Math.floor(number / places.length), places[number % places.length]!]
    return publish(place, release, candidates[release]!)
  })
  const releases = range(0, made.length / places.length).map((number) =>
    made.slice(number * places.length, (number + 1) * places.length),
  )
  const LaunchPermission = { Add: [{ UserId: consumer }] }
  await allOf(releases.at(-1) ?? [], async ({ place, entry: { id } }) => {
    await place.aws.ec2.send(new ModifyImageAttributeCommand({ ImageId: id, LaunchPermission }))
  })
  return { candidates, releases: [...stock.releases, ...releases] }
}

async function publish(place: Place, release: number, candidate: string): Promise<Release[number]> {
  const name = `${place.useCase}/1.${release}.0-${inputs.slice(0, 8)}`
  const tags = { Image: place.useCase, Published: new Date().toISOString(), CandidateImageId: candidate }
  const id = await register(place, name, tags)
  return {
    place,
    entry: { architecture: 'x86_64', deprecation_time: null, id, name: `acme-shop/${name}`, public: false },
  }
}

export const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)

/** Some at a time; answers in the order of the items. */
async function allOf<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const left = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) answers[index] = await work(item)
  }
  await Promise.all(Array.from({ length: together }, worker))
  return answers
}

export async function register(
  { aws, snapshot }: Place,
  name: string,
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const tags = { Owner: 'acme', Project: 'shop', Version: '1.0.0', Commit: 'c0ffee1', Inputs: inputs, ...more }
  const asked = new RegisterImageCommand({
    Name: `acme-shop/${name}`,
    Architecture: 'x86_64',
    RootDeviceName: '/dev/xvda',
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot } }],
    TagSpecifications: [{ ResourceType: 'image', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
  })
  return (await aws.ec2.send(asked)).ImageId!
}
