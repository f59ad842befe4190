import type { Ports } from '../core/ports.ts'
import type { StackState } from '../core/stack/state.ts'

/**
 * Stops what pipelines have under way. Deleting a pipeline alone would not: its builds and deployments would go on.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/executions-stop.html
 */
export async function stopPipelines(
  pipelineStacks: readonly StackState[],
  { pipelines, stacks, terminal }: Pick<Ports, 'pipelines' | 'stacks' | 'terminal'>,
): Promise<void> {
  for (const { name, status } of pipelineStacks) {
    // An earlier run stopped it before it began to delete it, and parts of it may be gone at any moment.
    if (status === 'DELETE_IN_PROGRESS') continue
    // A stack that holds only a plan, or is half deleted, has none.
    if ((await pipelines.state(name)) !== undefined) {
      const underWay = (await pipelines.executions(name, 100)).filter(
        (one) => one.status === 'InProgress' || one.status === 'Stopping',
      )
      for (const { id } of underWay) {
        terminal.say(`${name}: stopping execution ${id}`)
        await pipelines.stop(name, id)
      }
    }
    const projects = (await stacks.resources(name)).filter(({ type }) => type === 'AWS::CodeBuild::Project')
    const builds = await pipelines.stopBuilds(projects.map(({ physicalId }) => physicalId))
    if (builds > 0) terminal.say(`${name}: ${builds === 1 ? 'a build' : `${builds} builds`} stopped`)
  }
}
