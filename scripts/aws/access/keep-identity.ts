import type { Identity } from '../client/clients.ts'

/** Ends that are this near count as past, for the SDK as well. */
const soon = 5 * 60_000

/** Looks for credentials once, for all who ask, and again when they are about to end. */
export function keepUntilItEnds(look: () => Promise<Identity>): () => Promise<Identity> {
  let kept: Identity | undefined
  let looking: Promise<Identity> | undefined
  return async () => {
    if (kept !== undefined && !(kept.expiration && kept.expiration.getTime() - Date.now() < soon)) return kept
    looking ??= look().finally(() => (looking = undefined))
    return (kept = await looking)
  }
}
