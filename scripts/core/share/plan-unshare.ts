import type { Site } from '../distribution/sites.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import type { Desired } from '../manifest/desired-images.ts'
import { tagsOf, type Riglet } from '../names.ts'
import { carriesTags } from '../tags.ts'
import { matches } from './choose-images.ts'
import { noSuchAccount } from './errors.ts'

/** Who is to get images no more: the number of an account, and how images.yaml calls it, if it still does. */
export type Leaving = { readonly account: string; readonly names: readonly string[] }

/** An image that the account is let in to, and why it stays so; nothing: it is taken back. */
export type Unsharing = { readonly site: Site; readonly image: ImageFacts; readonly why: readonly string[] }

/**
 * An account by its name in images.yaml, or by its number, which needs not stand there any more.
 * @throws RigletError NOT_FOUND
 */
export function leavingAccount(named: string, { accounts }: Pick<Desired, 'accounts'>): Leaving {
  const account = Object.hasOwn(accounts, named) ? accounts[named]!.account : named
  if (!/^\d{12}$/.test(account)) throw noSuchAccount(named, Object.keys(accounts))
  const names = Object.entries(accounts).filter(([, one]) => one.account === account)
  return { account, names: names.map(([name]) => name) }
}

/** Only images of the riglet are looked at; what images.yaml still gives the account stays. */
export function planUnshare(
  riglet: Riglet,
  { names }: Leaving,
  desired: Desired,
  shared: readonly { readonly site: Site; readonly image: ImageFacts }[],
): readonly Unsharing[] {
  return shared
    .filter(({ image }) => carriesTags(image.tags, tagsOf(riglet)))
    .map(({ site, image }) => {
      const published = desired.images[image.tags['Image'] ?? '']
      return {
        site,
        image,
        why: [
          ...(published?.shareWith.some((name) => names.includes(name)) === true
            ? [`images.yaml publishes ${published.name} for it: shareWith`]
            : []),
          ...Object.values(desired.shares)
            .filter((share) => share.with.some((name) => names.includes(name)) && matches(image, share))
            .map((share) => `images.yaml shares it as ${share.name}`),
          // A copy to an account is made by that account, which has to see the candidate.
          ...(published?.account !== undefined && names.includes(published.account)
            ? [`images.yaml has it copied by that account: it publishes ${published.name}`]
            : []),
        ],
      }
    })
}
