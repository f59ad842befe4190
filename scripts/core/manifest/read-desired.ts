import type { NameRule } from '../name-rules.ts'
import type { Fault, Path } from '../yaml/places.ts'
import { readDocument, type Kind, type Places } from '../yaml/read-document.ts'
import { consumerFaults, consumerRules, filledConsumer, type Consumer, type SaidConsumer } from './consumer.ts'
import { desiredFile, type Account, type Desired, type DesiredImage, type Wave } from './desired-images.ts'
import { feedFaults, feedValueRule, filledFeed, type SaidFeed } from './feed-schema.ts'
import { filledShare, shareFaults, shareNameRule, shareValueRule, type SaidShare } from './read-shares.ts'
import { desiredSchema } from './desired-schema.ts'
import { architectures } from '../image/base.ts'
import { manifestFile } from './manifest.ts'
import { manifestRules as rules } from './rules.ts'

type SaidImage = Partial<Omit<DesiredImage, 'tags' | 'waves' | 'feed'>> & {
  readonly feed?: SaidFeed
  readonly tags?: Readonly<Record<string, string>> | null
  readonly waves?: readonly (Pick<Wave, 'regions'> & Partial<Wave>)[]
}
type Content = {
  readonly accounts?: Readonly<Record<string, Account>> | null
  readonly trusted?: readonly string[]
  readonly images?: Readonly<Record<string, SaidImage | null>> | null
  readonly share?: Readonly<Record<string, SaidShare>> | null
  readonly consumer?: SaidConsumer | null
}

/** AWS deprecates a public image after two years whatever anybody says.
 *  https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageDeprecation.html */
const mostDaysPublic = 730

/**
 * What images.yaml says, defaults filled in. It loads a parser and a validator: import it where there is such a file.
 * @throws RigletError FILE with every fault, each with line, column and path
 */
export function readDesired(text: string): Desired {
  const { accounts, trusted, images, share, consumer } = readDocument<Content>(text, kind) ?? {}
  return {
    ...(consumer ? { consumer: filledConsumer(consumer, manifestFile) } : {}),
    accounts: accounts ?? {},
    trusted: trusted ?? [],
    shares: Object.fromEntries(Object.entries(share ?? {}).map(([name, said]) => [name, filledShare(name, said)])),
    images: Object.fromEntries(Object.entries(images ?? {}).map(([name, said]) => [name, filled(name, said ?? {})])),
  }
}

const filled = (name: string, { feed, ...said }: SaidImage): DesiredImage => ({
  ...(feed === undefined ? {} : { feed: filledFeed(name, feed) }),
  aliases: [],
  architectures: ['x86_64'],
  public: false,
  shareWith: [],
  encryption: said.public !== true,
  deprecation: null,
  ...said,
  name,
  tags: said.tags ?? {},
  waves: (said.waves ?? []).map((wave) => ({ pause: 0, ...wave })),
})

const ofImage: Readonly<Record<string, NameRule>> = {
  aliases: rules.useCase,
  architectures: { pattern: /./, words: architectures.join(' or ') },
  account: rules.accountName,
  regions: rules.region,
  public: rules.yesOrNo,
  shareWith: rules.consumer,
  encryption: rules.yesOrNo,
  deprecation: rules.days,
  tags: rules.tagValue,
}
const ofAccount: Readonly<Record<string, NameRule>> = {
  account: rules.accountId,
  role: rules.role,
  externalId: rules.externalId,
  regions: rules.region,
  tags: rules.tagValue,
}
const ofWave: Readonly<Record<string, NameRule>> = { regions: rules.region, pause: rules.minutes, alarm: rules.alarm }
/** Those that are lists: a rule is of what stands in them. */
const lists = new Set(['aliases', 'architectures', 'regions', 'shareWith', 'tags'])

function valueRule(path: Path): NameRule | undefined {
  const [section, name, key, ...below] = path
  if (section === 'share') return shareValueRule(path)
  if (section === 'trusted') return path.length === 1 ? undefined : rules.role
  if (section === 'consumer') return name === undefined ? undefined : consumerRules[name as keyof Consumer]
  if (key === undefined) return undefined
  if (section === 'images' && key === 'feed') return feedValueRule(below[0], below.length - 1)
  const [member, table, depth] =
    key === 'waves'
      ? [below[1], ofWave, below.length - 2]
      : [key, section === 'accounts' ? ofAccount : ofImage, below.length]
  return member === undefined || (lists.has(member) && depth === 0) ? undefined : table[member]
}

/** Sections whose name says what is meant; accounts and images are known by their own names. */
const wholeTitles = new Set(['share', 'trusted', 'consumer'])

const kind: Kind<Content> = {
  file: desiredFile,
  code: 'FILE',
  schema: desiredSchema,
  valueRule,
  nameRule: (path) => {
    const [section, , key] = path
    if (section === 'share') return shareNameRule(path)
    return key === 'tags' ? rules.tag : section === 'accounts' ? rules.accountName : rules.image
  },
  title: (path) => (wholeTitles.has(String(path[0])) ? path : path.slice(1)).join('.') || path.join('.'),
  apart: ({ accounts, images, share, consumer }, places) => {
    const all = Object.entries(images ?? {}).map(([name, said]) => filled(name, said ?? {}))
    const shares = Object.entries(share ?? {}).map(([name, said]) => filledShare(name, said))
    const ofConsumer = consumer ? consumerFaults(consumer) : []
    return [
      ...all.flatMap((image) => imageFaults(image, accounts ?? {}, places)),
      ...namesApart(all, places),
      ...ofFeeds(images ?? {}, places),
      ...shares.flatMap((one) => shareFaults(one, accounts ?? {}, places)),
      ...ofConsumer.map(([name, what]) => ({
        at: places(['consumer', name], 'value'),
        what: `consumer.${name}: ${what}`,
      })),
    ]
  },
  remedy: 'docs/images.schema.json tells editors what may stand there; docs/images.md has an example.',
}

/** What no schema can say of one image. */
function imageFaults(image: DesiredImage, accounts: Readonly<Record<string, Account>>, places: Places): Fault[] {
  const path = ['images', image.name]
  const faults: Fault[] = []
  const fault = (below: readonly string[], what: string): void => {
    const at = places([...path, ...below], 'value')
    faults.push({ at, what: `${[image.name, ...below].join('.')}: ${what}` })
  }
  const unknown = (name: string): string =>
    `there is no account ${name} below accounts: ${Object.keys(accounts).join(', ') || 'it is empty'}`

  const publisher = image.account === undefined ? undefined : accounts[image.account]
  if (image.account !== undefined && publisher === undefined) fault(['account'], unknown(image.account))
  if (publisher !== undefined && publisher.role === undefined)
    fault(['account'], `${image.account} has no role, so nothing can be published there`)
  if (publisher !== undefined && publisher.regions === undefined && image.regions === undefined)
    fault(['account'], `${image.account} has no regions, and neither has the image`)
  image.regions?.forEach((region, index) => {
    if (publisher?.regions?.includes(region) === false)
      fault(
        ['regions', String(index)],
        `${region} is none of ${image.account}'s regions: ${publisher.regions.join(', ')}`,
      )
  })

  image.shareWith.forEach((who, index) => {
    if (!who.startsWith('arn:') && accounts[who] === undefined) fault(['shareWith', String(index)], unknown(who))
  })
  if (image.public && image.encryption) fault(['encryption'], 'an encrypted image cannot be public')
  if (image.public && image.deprecation !== null && image.deprecation > mostDaysPublic)
    fault(['deprecation'], `a public image is deprecated after ${mostDaysPublic} days at the latest`)

  const regions = image.regions ?? publisher?.regions
  const seen = new Set<string>()
  image.waves.forEach((wave, number) =>
    wave.regions.forEach((region, index) => {
      const below = ['waves', String(number), 'regions', String(index)]
      if (regions !== undefined && !regions.includes(region)) fault(below, `the image is not published in ${region}`)
      if (seen.has(region)) fault(below, `${region} stands in an earlier wave`)
      seen.add(region)
    }),
  )
  return faults
}

const ofFeeds = (images: Readonly<Record<string, SaidImage | null>>, places: Places): Fault[] =>
  Object.entries(images).flatMap(([name, said]) =>
    (said?.feed === undefined ? [] : feedFaults(said.feed)).map(([key, what]) => ({
      at: places(['images', name, 'feed', key], 'value'),
      what: `${name}.feed.${key}: ${what}`,
    })),
  )

/** A name means one image. */
function namesApart(images: readonly DesiredImage[], places: Places): Fault[] {
  const owners = new Map(images.map(({ name }) => [name, name]))
  return images.flatMap(({ name, aliases }) =>
    aliases.flatMap((alias, index) => {
      const owner = owners.get(alias)
      if (owner === undefined) owners.set(alias, name)
      const path = ['images', name, 'aliases', String(index)]
      return owner === undefined
        ? []
        : [{ at: places(path, 'value'), what: `${path.slice(1).join('.')}: ${alias} is a name of ${owner} already` }]
    }),
  )
}
