import { waitTooLong } from '../../core/stack/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { until } from '../../core/until.ts'
import { plural } from '../../view/text.ts'

type StopPorts = Pick<Ports, 'pipelines' | 'stacks' | 'terminal' | 'clock'>

const patienceMinutes = 10

/**
 * Stops what pipelines have under way, and then the builds of their jobs. Deleting a pipeline alone would not: its builds
 * and deployments would go on.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/executions-stop.html
 * @throws RigletError WAIT_TOO_LONG
 */
export async function stopPipelines(delivery: readonly StackState[], ports: StopPorts): Promise<void> {
  const { pipelines, terminal } = ports
  for (const { name, status } of delivery) {
    // An earlier run stopped it before it began to delete it, and parts of it may be gone at any moment.
    if (status === 'DELETE_IN_PROGRESS') continue
    // A stack of jobs has none, and neither has one that holds only a plan or is half deleted.
    if ((await pipelines.state(name)) !== undefined) {
      const underWay = (await pipelines.executions(name, 100)).filter(
        (one) => one.status === 'InProgress' || one.status === 'Stopping',
      )
      for (const { id } of underWay) {
        terminal.say(`${name}: stopping execution ${id}`)
        await pipelines.stop(name, id)
      }
    }
    await stopBuilds(name, ports)
  }
}

/** A build gives back its network interface with its own role: that role must not go before the build has ended. */
async function stopBuilds(pipeline: string, { pipelines, stacks, terminal, clock }: StopPorts): Promise<void> {
  const projects = (await stacks.resources(pipeline))
    .filter(({ type }) => type === 'AWS::CodeBuild::Project')
    .map(({ physicalId }) => physicalId)
  let said = 0
  await until(clock, () => pipelines.stopBuilds(projects), {
    done: (builds) => builds === 0,
    pause: 3000,
    minutes: patienceMinutes,
    meanwhile: (builds) => {
      if (builds !== said) terminal.say(`${pipeline}: stopping ${plural(builds, 'build')}`)
      said = builds
    },
    tooLate: () => waitTooLong(`Stopping the builds of ${pipeline}`, patienceMinutes, 'make status'),
  })
}
