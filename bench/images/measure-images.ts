import { ask, type Asked } from './ask.ts'
import { loops, type Loops } from './aws-cli.ts'
import { callsOf, imagesAt, wrongCalls } from './calls.ts'
import { makeWorld, regions, type World } from './places.ts'
import { tagReleases } from './releases.ts'
import { nothing, register, seed, type Stock } from './seed.ts'

export const [few, many] = [2000, 20_000] as const

/** Commands that look at all images, and how many calls for images each makes at a place besides the pages. */
const scans = {
  // Who may use what is published is asked once for each account that it is shared with by its number.
  drift: 1,
  'image-status': 0,
  'plan-clean-images': 0,
} as const
export type Scan = keyof typeof scans

export type ImagesBench = {
  readonly world: { readonly accounts: number; readonly regions: number }
  readonly scans: readonly { readonly command: Scan; readonly few: Asked; readonly many: Asked }[]
  readonly loops: Loops
  /** Of images that nothing holds: how many, and the calls that ask EC2 what refers to them. */
  readonly loose: { readonly images: number; readonly calls: number }
  /** Seconds of a copy to one region, and to all of them. */
  readonly copies: { readonly one: number; readonly six: number }
}

/** Thousands of images in several accounts and regions, in a rehearsal of their own. Fails where calls, memory or copies grow as they should not. */
export async function measureImages(name: string, say: (what: string) => void): Promise<ImagesBench> {
  say('four accounts in six regions')
  const world = await makeWorld(name)
  try {
    const [home] = world.places
    say(`${few} images`)
    const stock = await grow(world, nothing, few)
    const small = await scanAll(world, stock, say)
    say('references to images')
    const loose = await askForLoose(world, stock)
    say('the aws CLI in a loop')
    const looped = await loops(world, stock)
    say(`${many} images`)
    const large = await scanAll(world, await grow(world, stock, many), say, small)
    for (const command of scanned()) {
      const [before, after] = [small.get(command)!.peak, large.get(command)!.peak]
      if (after >= 2 * before)
        throw new Error(`make ${command} holds ${after} bytes for ${many} images, ${before} for ${few}`)
    }
    say('copies')
    const replicate = async (image: 'one' | 'six'): Promise<number> => {
      const id = await register(home!, `candidate/${image}/1`, { Image: image })
      return (await ask(world, ['replicate', 'YES=1', `IMAGE=${image}`, `IMAGE_ID=${id}`])).seconds
    }
    const copies = { one: await replicate('one'), six: await replicate('six') }
    if (copies.six >= 2 * copies.one)
      throw new Error(`copies to six regions take ${copies.six} s, to one ${copies.one} s`)
    return {
      world: { accounts: world.accounts.length, regions: regions.length },
      scans: scanned().map((command) => ({ command, few: small.get(command)!, many: large.get(command)! })),
      loops: looped,
      loose,
      copies,
    }
  } finally {
    await world.ends()
  }
}

const scanned = (): readonly Scan[] => Object.keys(scans) as Scan[]

async function grow(world: World, stock: Stock, count: number): Promise<Stock> {
  const grown = await seed(world.places, stock, count)
  tagReleases(world.user.folder, world.accounts, grown.releases, stock.releases.length)
  return grown
}

async function scanAll(
  world: World,
  stock: Stock,
  say: (what: string) => void,
  before?: ReadonlyMap<Scan, Asked>,
): Promise<ReadonlyMap<Scan, Asked>> {
  const all = new Map<Scan, Asked>()
  for (const command of scanned()) {
    say(`make ${command}`)
    const asked = await ask(world, [command])
    const images = imagesAt(world.places, stock)
    const wrong = wrongCalls({ tally: asked.tally, images, more: scans[command] }, before?.get(command)?.tally)
    if (wrong.length > 0) throw new Error(`make ${command} made other calls than it should:\n${wrong.join('\n')}`)
    all.set(command, asked)
  }
  return all
}

/** EC2 takes ten images in a question about references, and is asked in each account of their region. */
async function askForLoose(world: World, { candidates, releases }: Stock): Promise<ImagesBench['loose']> {
  const { tally } = await ask(world, ['plan-clean-images', 'KEEP_DAYS=0'])
  const calls = callsOf(tally, (api) => api === 'ec2:DescribeImageReferences')
  // Each release stays, and so does the candidate that it is of.
  const images = candidates.length - releases.length
  const due = world.accounts.length * Math.ceil(images / 10)
  if (calls !== due)
    throw new Error(`${calls} calls of ec2:DescribeImageReferences for ${images} images, ${due} are due`)
  return { images, calls }
}
