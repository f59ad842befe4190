import { feedKinds, feedRules, type Feed } from '../feeds/feed.ts'
import { baseNames } from '../image/base.ts'
import type { NameRule } from '../name-rules.ts'
import { only, text } from './schema-parts.ts'

/** What `feed:` says of an image; all the rest has its default. */
export type SaidFeed = Pick<Feed, 'url'> & Partial<Feed>

const defaults = { kind: 'yum', distribution: './', component: 'main', bases: [baseNames[0]!] } as const

export const filledFeed = (image: string, said: SaidFeed): Feed => ({
  ...defaults,
  product: image,
  major: undefined,
  key: undefined,
  ...said,
})

export const feedSchema = only(
  'A package repository: each new version of a package there becomes an image. make plan-nightly shows which.',
  {
    kind: {
      description: 'What it is: YUM by its metadata, YUM by a page of links to packages, or APT.',
      type: 'string',
      enum: feedKinds,
      default: defaults.kind,
    },
    url: text(
      feedRules.url,
      'Where it begins; $basearch stands for the architecture, as yum calls it. Once another: FEED_URL=',
    ),
    product: text(feedRules.product, "The package. Default: the image's name. Once another: PRODUCT="),
    major: text(
      feedRules.major,
      'The first number of its versions, or the first ones, in quotes. Default: any. Once another: MAJOR=',
    ),
    key: text(
      feedRules.key,
      'File of the checkout with the public keys that must have signed it. Default: none is asked for.',
    ),
    distribution: {
      ...text(feedRules.distribution, 'Of APT: the distribution, or a folder with a slash at its end.'),
      default: defaults.distribution,
    },
    component: { ...text(feedRules.component, 'Of APT: the component.'), default: defaults.component },
    bases: {
      description: 'What images are made on, one of each: the newest of these at the time.',
      type: 'array',
      items: { type: 'string', enum: baseNames },
      minItems: 1,
      uniqueItems: true,
      default: defaults.bases,
    },
  },
  ['url'],
)

export const feedValueRule = (key: string | undefined, below: number): NameRule | undefined => {
  if (key === 'bases') return below === 0 ? undefined : { pattern: /./, words: baseNames.join(', ') }
  return (feedRules as Readonly<Record<string, NameRule>>)[key ?? '']
}

/** What no schema can say of a feed, and of which value. */
export function feedFaults({ kind, url, ...said }: SaidFeed): readonly (readonly [keyof Feed, string])[] {
  const faults: (readonly [keyof Feed, string])[] = []
  if (kind === 'yum-index' && said.key !== undefined)
    faults.push(['key', 'a page of links is signed by nobody; kind: yum reads what can be signed'])
  if (kind !== 'apt')
    for (const key of ['distribution', 'component'] as const)
      if (said[key] !== undefined) faults.push([key, 'only APT has it: kind: apt'])
  if (kind === 'apt' && url.includes('$basearch'))
    faults.push(['url', 'of APT it has no $basearch: one repository has all architectures'])
  return faults
}
