import { claimsOf, faultOfClaim, type Claim } from '../../core/restoration/claims.ts'
import { notChecked, notPublished } from '../../core/proposal/errors.ts'
import type { Desired } from '../../core/manifest/desired-images.ts'
import { manifestFile, type Manifest } from '../../core/manifest/manifest.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/**
 * Looks whether publish stands behind all that the manifest says, one call for each place (G30): what was written by hand, or
 * is gone since, is proposed to nobody. Where nobody answers, nobody can tell.
 * @throws RigletError IMAGE | UNCHECKED
 */
export async function requirePublished(
  manifest: Manifest,
  desired: Desired,
  home: string,
  ports: Pick<Ports, 'at' | 'terminal'>,
): Promise<void> {
  const { claims, unnamed } = claimsOf(manifest, desired, home)
  const places = [...Map.groupBy(claims, ({ place }) => place.title).values()]
  const looks = await Promise.all(places.map((here) => orUnchecked(faultsAt(here, ports))))
  const faults = looks.flatMap((look) => ('type' in look ? [] : look))
  if (faults.length > 0) throw notPublished(faults)
  const silent = looks.flatMap((look, index) =>
    'type' in look ? [`${places[index]![0]!.place.title}: ${look.why}`] : [],
  )
  if (silent.length > 0) throw notChecked(silent)
  if (unnamed.length > 0)
    ports.terminal.say(`Not looked for, as images.yaml does not name it: ${unnamed.join(', ')} (${manifestFile})`)
}

async function faultsAt(here: readonly Claim[], { at }: Pick<Ports, 'at'>): Promise<readonly string[]> {
  const ids = [...new Set(here.map(({ entry }) => entry.id))]
  const found = await at(here[0]!.place.target).images.describe(ids)
  return here.flatMap(
    (claim) =>
      faultOfClaim(
        claim,
        found.find(({ id }) => id === claim.entry.id),
      ) ?? [],
  )
}
