import type { Entry, Manifest } from '../../../scripts/core/manifest/manifest.ts'
import type { Git } from '../../../scripts/core/ports/local/git.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { homeAccount } from '../../fakes/places.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { settings as ofImage, world } from './world.ts'

export const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'] as const
export const settings = { ...ofImage, CHANNEL: 'stable' }
export const parameter = '/acme/shop/channel/stable/web/x86_64'

/** The image that release `number` has in a region. */
export const idIn = (region: string, number: number): string =>
  `ami-${number}000000${regions.findIndex((one) => one === region)}`

const entry = (region: string, number: number, more: Partial<Entry> = {}): Entry => ({
  architecture: 'x86_64',
  deprecation_time: null,
  id: idIn(region, number),
  name: `acme-shop/web/1.${number}.0-9f3c2e1a`,
  public: false,
  ...more,
})

export const manifestOf = (number: number): Manifest => ({
  web: Object.fromEntries(regions.map((region) => [region, [entry(region, number)]])),
})

const yaml = `images:\n  web: { regions: [${regions.join(', ')}] }\n`

/** Three regions that hold the images of five releases, and a checkout that moves from one release to the next. */
export function channelWorld(account?: string, answers = Array.from({ length: 20 }, () => 'yes')) {
  const images = regions.flatMap((region) =>
    [1, 2, 3, 4, 5].map((number) => imageFacts(idIn(region, number), { account: account ?? homeAccount, region })),
  )
  const publisher = `accounts:\n  hub: { account: "${account}", role: riglet, regions: [${regions.join(', ')}] }\n`
  const text = account === undefined ? yaml : `${publisher}images:\n  web: { account: hub, aliases: [nginx] }\n`
  const all = world(text, answers, images)
  let git: Git = fakeGit()
  const checkOut = (number: number, tags: readonly string[] = [`v1.${number}.0`], changed: readonly string[] = []) => {
    git = fakeGit(changed, undefined, tags)
    all.files.content.set('manifests/images.json', JSON.stringify(manifestOf(number)))
  }
  const ports = {
    ...all.ports,
    get git() {
      return git
    },
  }
  const at = (region: string, name = parameter) =>
    (all.places.parameters.get(`${account ?? homeAccount} ${region} ${name}`) ?? []).at(-1)
  return {
    ...all,
    ports,
    checkOut,
    at,
    named: () => regions.map((region) => at(region)?.value),
    /** What each region has of some release. */
    idsOf: (number: number) => regions.map((region) => idIn(region, number)),
  }
}
