import type { NameRule } from '../name-rules.ts'
import type { Fault, Path } from '../yaml/places.ts'
import type { Places } from '../yaml/read-document.ts'
import type { Account, DesiredShare } from './desired-images.ts'
import { regionsBetween } from './regions-between.ts'
import { manifestRules as rules } from './rules.ts'

type Tags = Readonly<Record<string, string>> | null

/** What `share:` says of one of its names. */
export type SaidShare = Partial<Omit<DesiredShare, 'match' | 'tags'>> &
  Pick<DesiredShare, 'with'> & {
    readonly match: { readonly name?: string; readonly tags?: Tags } | null
    readonly tags?: Tags
  }

export const filledShare = (name: string, said: SaidShare): DesiredShare => ({
  ...said,
  name,
  match: { ...said.match, tags: said.match?.tags ?? {} },
  tags: said.tags ?? {},
})

/** Below `share.NAME`. */
const ofShare: Readonly<Record<string, NameRule>> = {
  from: rules.accountName,
  regions: rules.region,
  with: rules.accountName,
  tags: rules.tagValue,
}

export function shareValueRule([, , key, ...below]: Path): NameRule | undefined {
  if (key === undefined) return undefined
  if (key === 'from') return ofShare[key]
  if (key !== 'match') return below.length === 0 ? undefined : ofShare[key]
  if (below[0] === 'name') return rules.nameFilter
  return below.length > 1 ? rules.tagValue : undefined
}

export const shareNameRule = ([, , key]: Path): NameRule =>
  key === 'match' ? rules.tagName : key === 'tags' ? rules.tag : rules.accountName

/** Why a text is no regular expression; undefined: it is one. */
function notRegular(text: string): string | undefined {
  try {
    new RegExp(text, 'u')
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What no schema can say of one share: accounts that are there, with what it takes, in regions that they may have (B16). */
export function shareFaults(
  share: DesiredShare,
  accounts: Readonly<Record<string, Account>>,
  places: Places,
): readonly Fault[] {
  const faults: Fault[] = []
  const fault = (below: readonly string[], what: string): void => {
    const path = ['share', share.name, ...below]
    faults.push({ at: places(path, 'value'), what: `${path.join('.')}: ${what}` })
  }
  const unknown = (name: string): string =>
    `there is no account ${name} below accounts: ${Object.keys(accounts).join(', ') || 'it is empty'}`
  const { from, match, regions } = share

  if (match.name === undefined && Object.keys(match.tags).length === 0)
    fault(['match'], 'it names neither a name nor tags, so every image of the account would be shared')
  const irregular = match.name === undefined ? undefined : notRegular(match.name)
  if (irregular !== undefined) fault(['match', 'name'], irregular)

  const owner = from === undefined ? undefined : accounts[from]
  if (from !== undefined && owner === undefined) fault(['from'], unknown(from))
  if (owner !== undefined && owner.role === undefined)
    fault(['from'], `${from} has no role, so nothing can be shared from there`)
  if (owner !== undefined && owner.regions === undefined && regions === undefined)
    fault(['from'], `${from} has no regions, and neither has the share`)
  regions?.forEach((region, index) => {
    if (owner?.regions?.includes(region) === false)
      fault(['regions', String(index)], `${region} is none of ${from}'s regions: ${owner.regions.join(', ')}`)
  })

  share.with.forEach((name, index) => {
    const consumer = accounts[name]
    const at = ['with', String(index)]
    if (consumer === undefined) return fault(at, unknown(name))
    if (name === from) return fault(at, `${name} has its own images already`)
    for (const key of ['role', 'externalId'] as const)
      if (consumer[key] === undefined)
        fault(at, `${name} has no ${key}, without which its images cannot be tagged there: make accounts`)
    const { refused } = regionsBetween(name, consumer, regions, owner?.regions)
    for (const why of refused) fault(at, why)
  })
  return faults
}
