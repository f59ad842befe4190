import type { ImageFacts } from '../image/image-facts.ts'
import { certain, imageHindrances, uncertain, type Hindrance } from '../image/launch.ts'
import { revokedFault } from '../revocation/errors.ts'
import { revocationOf } from '../revocation/revocation.ts'

/** What is asked about the image that production runs now, before another one takes its place (B09, decision 0030). */
export type WayBackQuestion =
  | 'is there'
  | 'may be used here'
  | 'is not revoked'
  | 'can be decrypted'
  | 'would launch'
  | 'is protected from deregistration'

export type WayBackCheck = {
  readonly check: WayBackQuestion
  readonly outcome: 'proved' | 'fails' | 'not checked'
  /** What was seen, as what follows a colon. */
  readonly why: string
}

/** No time stands in here: the same state gives the same digest. */
export type WayBack = { readonly image: string; readonly checks: readonly WayBackCheck[] }

/** How an attempt ended that came short of launching anything, or of protecting. */
export type Attempt = Omit<WayBackCheck, 'check'>

/** What is known of that image by looking alone. */
export type WayBackFacts = {
  readonly id: string
  readonly image: ImageFacts | undefined
  readonly hindrances: readonly Hindrance[]
  /** Whose stack it is. */
  readonly account: string
}

export const proved = (why: string): Attempt => ({ outcome: 'proved', why })
export const fails = (why: string): Attempt => ({ outcome: 'fails', why })
export const notChecked = (why: string): Attempt => ({ outcome: 'not checked', why })

/** Those that whoever approves, and the guard after that, can repeat without a right but to look. */
export function lookBack({ id, image, hindrances, account }: WayBackFacts): readonly WayBackCheck[] {
  const there = isThere(id, image)
  if (image === undefined || there.outcome === 'fails') {
    const rest = (['may be used here', 'is not revoked', 'can be decrypted'] as const).map((check) => ({
      check,
      ...notChecked('it cannot be used in any case'),
    }))
    return [{ check: 'is there', ...there }, ...rest]
  }
  const revocation = revocationOf(image.tags)
  return [
    { check: 'is there', ...there },
    {
      check: 'may be used here',
      ...proved(
        image.account === account ? 'it is this account’s own' : `${image.account} shares it with this account`,
      ),
    },
    {
      check: 'is not revoked',
      ...(revocation === undefined ? proved('no tag says so') : fails(revokedFault(id, revocation))),
    },
    { check: 'can be decrypted', ...decryptable(image, hindrances) },
  ]
}

const isThere = (id: string, image: ImageFacts | undefined): Attempt => {
  const [fault] = imageHindrances(id, image && { ...image, encrypted: [] }, () => ({ type: 'unknown', why: '' }))
  return fault === undefined ? proved('it is available') : fails(fault.why)
}

function decryptable({ encrypted = [] }: ImageFacts, hindrances: readonly Hindrance[]): Attempt {
  if (encrypted.length === 0) return proved('it is not encrypted')
  const [lost] = certain(hindrances)
  if (lost !== undefined) return fails(lost)
  const [unknown] = uncertain(hindrances)
  return unknown === undefined ? proved('its key is enabled') : notChecked(unknown)
}

export const wayBackLines = (wayBack: WayBack | null, outcome: WayBackCheck['outcome'] = 'fails'): readonly string[] =>
  (wayBack?.checks ?? []).filter((one) => one.outcome === outcome).map(({ check, why }) => `${check}: ${why}`)

/** What was not known to fail when it was shown, and fails now. */
export const lostSince = (shown: WayBack | null, now: readonly WayBackCheck[]): readonly string[] =>
  now
    .filter(({ check, outcome }) => {
      const before = shown?.checks.find((one) => one.check === check)?.outcome
      return outcome === 'fails' && before !== undefined && before !== 'fails'
    })
    .map(({ check, why }) => `the way back to ${shown!.image} is lost since it was shown: ${check}: ${why}`)

/**
 * What keeps production from being asked about where REQUIRE_WAY_BACK is set: all that is not proved, but that the image is
 * revoked, because what helps against that is the way forward.
 */
export const wayBackFaults = (wayBack: WayBack | null): readonly string[] =>
  (wayBack?.checks ?? [])
    .filter(({ check, outcome }) => outcome !== 'proved' && check !== 'is not revoked')
    .map(({ check, outcome, why }) => `${check}: ${outcome === 'fails' ? why : `not checked: ${why}`}`)
