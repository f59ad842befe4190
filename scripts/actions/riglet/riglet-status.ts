import { lookAtGroups } from '../image/look-at-groups.ts'
import { describeApp } from '../stack/describe-app.ts'
import { environments, rigletName, stackName, tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { digestIn } from '../../core/pipeline/ports.ts'
import { pendingApproval } from '../../core/pipeline/state.ts'
import type { EnvironmentStatus, PipelineStatus, RigletStatus } from '../../core/riglet/status.ts'
import { exists } from '../../core/stack/state.ts'

/** All stacks in one list, then everything else about them side by side. */
export async function rigletStatus(riglet: Riglet, region: string, ports: Ports): Promise<RigletStatus> {
  const stacks = (await ports.stacks.list(tagsOf(riglet))).filter(exists)
  const pipelinePrefix = `${rigletName(riglet)}-pipeline-`
  const appsOf = (environment: string) =>
    stacks.filter(({ name }) => name.startsWith(`${rigletName(riglet)}-${environment}-app-`))
  const [found, pipelines] = await Promise.all([
    lookAtGroups(environments.flatMap(appsOf), ports).then(({ groupOf, images }) =>
      environments.map((name): EnvironmentStatus => ({
        name,
        foundation: stacks.find((stack) => stack.name === stackName.foundation(riglet, name))?.status ?? 'absent',
        apps: appsOf(name).map((stack) => describeApp(stack, groupOf(stack.name), images)),
      })),
    ),
    Promise.all(
      stacks.filter(({ name }) => name.startsWith(pipelinePrefix)).map(({ name }) => pipelineStatus(name, ports)),
    ),
  ])
  return { riglet: rigletName(riglet), region, environments: found, pipelines: pipelines.filter((one) => one !== null) }
}

async function pipelineStatus(name: string, ports: Ports): Promise<PipelineStatus | null> {
  const [state, [latest]] = await Promise.all([ports.pipelines.state(name), ports.pipelines.executions(name, 1)])
  if (state === undefined) return null
  // A new pipeline runs once by itself, and finds no source yet: that failure is nobody's concern.
  const newest = latest?.trigger.startsWith('CreatePipeline') && latest.status === 'Failed' ? undefined : latest
  const waiting = pendingApproval(state)
  const runs = waiting === null ? [] : await ports.pipelines.runs(name, waiting.execution)
  const digest = digestIn(runs, waiting?.stage) ?? ''
  return {
    name,
    execution: newest === undefined ? null : { id: newest.id, status: newest.status, revision: newest.revision },
    stages: state.stages
      .filter((stage) => stage.execution === newest?.id && !['Succeeded', 'Skipped', 'none'].includes(stage.status))
      .map((stage) => ({ name: stage.name, status: stage.status })),
    approval: waiting === null ? null : { execution: waiting.execution, digest },
    barred: state.stages.flatMap(({ name: stage, barred }) => (barred === null ? [] : [{ stage, reason: barred }])),
  }
}
