import type { Account } from './desired-images.ts'

/**
 * In which regions an account gets images, and why in some it may not. Regions that a share names must all be allowed there;
 * of those that it does not name, the account that the images are of has them, each gets only its own (A19, B16).
 * `said`: the share's; `usual`: those of the account that the images are of; undefined: not known yet.
 */
export function regionsBetween(
  name: string,
  { account, regions: allowed }: Pick<Account, 'account' | 'regions'>,
  said: readonly string[] | undefined,
  usual: readonly string[] | undefined,
): { readonly regions: readonly string[]; readonly refused: readonly string[] } {
  const asked = said ?? usual ?? []
  if (allowed === undefined) return { regions: asked, refused: [] }
  const [regions, others] = [
    asked.filter((region) => allowed.includes(region)),
    asked.filter((region) => !allowed.includes(region)),
  ]
  const words = (region: string): string => `${region} is none of ${name}'s regions (${account}): ${allowed.join(', ')}`
  return { regions, refused: said !== undefined || regions.length === 0 ? others.map(words) : [] }
}
