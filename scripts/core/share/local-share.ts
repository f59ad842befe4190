import { targetName, type Target } from '../access/target.ts'
import { targetIn } from '../distribution/place.ts'
import type { Account, Desired, DesiredShare } from '../manifest/desired-images.ts'
import { regionsBetween } from '../manifest/regions-between.ts'
import { cannotShare, noShares, noSuchShare } from './errors.ts'

/** An account that images are shared with, in one region. */
export type Consumer = {
  /** As images.yaml calls it. */
  readonly name: string
  readonly account: string
  readonly target: Target
  readonly tags: Readonly<Record<string, string>>
}

/** What is shared of one region of the account that the images are of. */
export type LocalShare = {
  readonly share: DesiredShare
  readonly source: Target
  readonly region: string
  /** As messages name it. */
  readonly title: string
  readonly consumers: readonly Consumer[]
}

/**
 * The shares of images.yaml, or the one that is named, region by region; each account only in regions that it may have images in
 * (A19, B16). `home`: the riglet's region.
 * @throws RigletError IMAGE | NOT_FOUND
 */
export function localShares(
  { accounts, shares }: Pick<Desired, 'accounts' | 'shares'>,
  home: string,
  only: string | undefined,
): readonly LocalShare[] {
  const all = Object.values(shares)
  if (all.length === 0) throw noShares()
  const chosen = only === undefined ? all : all.filter(({ name }) => name === only)
  if (chosen.length === 0) throw noSuchShare(only!, Object.keys(shares))
  const refused: string[] = []
  const local = chosen.flatMap((share) => {
    const owner = share.from === undefined ? undefined : accounts[share.from]
    const usual = owner === undefined ? [home] : owner.regions
    const consumers = share.with.flatMap((name) => {
      const between = regionsBetween(name, accounts[name]!, share.regions, usual)
      refused.push(...between.refused.map((why) => `${share.name}: ${why}`))
      return between.regions.map((region) => consumerIn(name, accounts[name]!, region))
    })
    return (share.regions ?? usual ?? []).map((region): LocalShare => {
      const source = targetIn(owner, region)
      const here = consumers.filter(({ target }) => target.region === region)
      return { share, source, region, title: targetName(source), consumers: here }
    })
  })
  if (refused.length > 0) throw cannotShare(refused)
  return local.filter(({ consumers }) => consumers.length > 0)
}

const consumerIn = (name: string, account: Account, region: string): Consumer => ({
  name,
  account: account.account,
  target: targetIn(account, region),
  tags: account.tags ?? {},
})
