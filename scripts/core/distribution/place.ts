import { needsRole, targetName, type Target } from '../access/target.ts'
import type { Account, Desired, DesiredImage } from '../manifest/desired-images.ts'

/** Where an image is to be published, in the order in which it gets there. */
export type Place = {
  readonly target: Target
  readonly region: string
  /** As messages name it. */
  readonly title: string
  /** The candidate lies here itself, so there is nothing to copy. */
  readonly home: boolean
  /** Counted from 0; the last one has the regions that no wave names. */
  readonly wave: number
}

/** A region of an account; of one that has no role, and of none, it is the riglet's own. */
export function targetIn(owner: Account | undefined, region: string): Target {
  const { account, role, externalId } = owner ?? {}
  return account === undefined || role === undefined
    ? { region }
    : { region, account, role, ...(externalId === undefined ? {} : { externalId }) }
}

/** The places of an image (B16: an account gets only its own regions). `home`: the riglet's region. */
export function placesOf(image: DesiredImage, { accounts }: Pick<Desired, 'accounts'>, home: string): readonly Place[] {
  const publisher = image.account === undefined ? undefined : accounts[image.account]
  const regions = image.regions ?? publisher?.regions ?? [home]
  return regions
    .map((region): Place => {
      const target = targetIn(publisher, region)
      const named = image.waves.findIndex((wave) => wave.regions.includes(region))
      return {
        target,
        region,
        title: targetName(target),
        home: !needsRole(target) && region === home,
        wave: named < 0 ? image.waves.length : named,
      }
    })
    .sort((one, other) => one.wave - other.wave)
}

/** With whom an image is to be shared: account ids, and ARNs. */
export const consumersOf = (image: DesiredImage, { accounts }: Pick<Desired, 'accounts'>): readonly string[] =>
  image.shareWith.map((who) => accounts[who]?.account ?? who)

/** Who stands for everybody among them, in EC2's own word. */
export const everybody = 'all'
