import type { LayerName } from '../names.ts'
import type { StackState } from '../stack/state.ts'

/**
 * What a stack is that an earlier version made, which tagged no layers; its next update tags it. An app has a parameter
 * that names its foundation. The first pipelines held their jobs themselves, so their output tells more than their
 * parameters. The rest, and a stack that is only planned and shows nothing yet, is told by its name.
 */
export function recognise({
  parameters,
  outputs = {},
  name,
}: Pick<StackState, 'parameters' | 'name'> & Partial<Pick<StackState, 'outputs'>>): LayerName | undefined {
  if ('Foundation' in parameters) return 'app'
  if ('PipelineName' in outputs || 'Jobs' in parameters) return 'pipeline'
  if ('BuildFoundation' in parameters) return 'jobs'
  const [, ...found] =
    /-(?:(artifacts|(?:integration|staging|production)-foundation)$|(jobs|pipeline|publication|schedule|(?:integration|staging|production)-app)-)/.exec(
      name,
    ) ?? []
  const word = found.find((one) => one !== undefined)
  return word?.replace(/^.*-/, '') as LayerName | undefined
}
