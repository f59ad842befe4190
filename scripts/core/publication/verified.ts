import type { ActionRun } from '../pipeline/action-runs.ts'

/** An image that a pipeline verified last. `execution`: the one that did so. */
export type Verified = { readonly image: string; readonly execution: string }

/**
 * The image of the newest execution whose Verify succeeded: a push that takes back an earlier one may have used an older image
 * again. Bake runs what a commit brings with it, so the image is the one that Configure found to be the pipeline's own.
 */
export function lastVerified(runs: readonly ActionRun[]): Verified | undefined {
  const newestFirst = runs.toSorted((one, other) => other.started - one.started)
  for (const { execution, action, status } of newestFirst) {
    if (action !== 'Verify' || status !== 'Succeeded') continue
    const configured = newestFirst.find((run) => run.execution === execution && run.action === 'Configure')
    const image = configured?.status === 'Succeeded' ? configured.variables['IMAGE_ID'] : undefined
    if (image !== undefined) return { image, execution }
  }
  return undefined
}
