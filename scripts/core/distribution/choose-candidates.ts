import type { ImageFacts } from '../image/image-facts.ts'
import { revocationOf } from '../revocation/revocation.ts'
import type { ActionRun } from '../pipeline/action-runs.ts'

/** The images that a pipeline verified: those that its Bake named in executions whose Verify succeeded. */
export const verifiedBy = (runs: readonly ActionRun[]): ReadonlySet<string> =>
  new Set(
    runs
      .filter(({ action, status }) => action === 'Verify' && status === 'Succeeded')
      .flatMap(({ execution }) => {
        const bake = runs.find((run) => run.execution === execution && run.action === 'Bake')
        const image = bake?.variables['IMAGE_ID']
        return image === undefined ? [] : [image]
      }),
  )

export type Choice = { readonly chosen: readonly ImageFacts[]; readonly missing: readonly string[] }

/** For each architecture the newest candidate that is available, not revoked, and among those allowed. */
export function chooseCandidates(
  candidates: readonly ImageFacts[],
  architectures: readonly string[],
  allowed: ReadonlySet<string>,
): Choice {
  const usable = candidates
    .filter(({ id, state, tags }) => state === 'available' && allowed.has(id) && revocationOf(tags) === undefined)
    .toSorted((one, other) => (one.created < other.created ? 1 : -1))
  const found = architectures.map((architecture) => ({
    architecture,
    candidate: usable.find((image) => image.architecture === architecture),
  }))
  return {
    chosen: found.flatMap(({ candidate }) => (candidate === undefined ? [] : [candidate])),
    missing: found.flatMap(({ architecture, candidate }) => (candidate === undefined ? [architecture] : [])),
  }
}
