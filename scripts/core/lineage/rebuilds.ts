import { builtFor } from '../image/order.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import type { Source } from '../names.ts'

/** A pipeline by its name, and what it ships. */
export type Line = { readonly pipeline: string; readonly source: Source }

/** A pipeline that is to bake and ship anew, and why. */
export type Rebuild = {
  readonly pipeline: string
  readonly why: string
  /** Why it is not started now. */
  readonly held: string | undefined
}

/** The newest image that a pipeline made for each architecture, whatever became of it. */
function newestOf({ repo, branch }: Source, images: readonly ImageFacts[]): readonly ImageFacts[] {
  const own = images.filter(({ tags }) => tags['BuiltFor'] === builtFor('pipeline', { REPO: repo, BRANCH: branch }))
  const kinds = Map.groupBy(own, ({ architecture, tags }) => `${tags['Image'] ?? ''} ${architecture}`)
  return [...kinds.values()].map((all) => all.reduce((one, other) => (other.created > one.created ? other : one)))
}

/**
 * The pipelines that need another image (B13): one whose app runs what was revoked, or whose newest image is revoked. An older
 * image that nothing runs needs nothing. `runs`: what runs revoked images, by pipeline.
 */
export function rebuildsOf(
  lines: readonly Line[],
  images: readonly ImageFacts[],
  revoked: ReadonlySet<string>,
  runs: ReadonlyMap<string, readonly string[]>,
): readonly Omit<Rebuild, 'held'>[] {
  return lines.flatMap(({ pipeline, source }) => {
    const bad = newestOf(source, images).filter(({ id }) => revoked.has(id))
    const apps = runs.get(pipeline) ?? []
    const why = [
      ...(bad.length === 0 ? [] : [`its newest image is ${bad.map(({ id }) => id).join(', ')}`]),
      ...(apps.length === 0 ? [] : [`${apps.join(', ')} ${apps.length === 1 ? 'runs' : 'run'} what is revoked`]),
    ]
    return why.length === 0 ? [] : [{ pipeline, why: why.join('; ') }]
  })
}
