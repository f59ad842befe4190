import { exitCodes } from '../../core/errors.ts'
import { planReplica, type ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import type { Admission } from '../../core/distribution/step.ts'
import { wavesOf, type PlannedWave } from '../../core/distribution/waves.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { wantsJson } from '../../core/settings/settings.ts'
import { planAsData, renderDistribution, renderOutcome } from '../../view/distribution/images.ts'
import { settleAll } from '../../engine/of-many.ts'
import { assemble, withAdmissions, type Assembled } from './assemble.ts'
import type { DistributionSettings } from './choose.ts'
import { lookAtPlaces } from './look-at-places.ts'
import { runSteps, titleOf, type Outcome } from './run-steps.ts'
import { passGate } from './pass-gate.ts'

type Replication = { readonly assembled: Assembled; readonly waves: readonly PlannedWave[] }

async function plan(settings: DistributionSettings, ports: Ports): Promise<Replication> {
  const assembled = await assemble(settings, ports)
  const looks = await lookAtPlaces(assembled.replicas, ports, { sharing: false })
  const missing = looks.map(({ replica, seen }) => planReplica(replica, seen))
  return { assembled, waves: wavesOf(assembled.image, await withAdmissions(missing, ports)) }
}

const plansOf = ({ waves }: Replication): readonly ReplicaPlan[] => waves.flatMap((wave) => wave.plans)

const show = (
  settings: DistributionSettings,
  { assembled, waves }: Replication,
  { terminal }: Pick<Ports, 'terminal'>,
) =>
  terminal.show(
    wantsJson(settings)
      ? JSON.stringify(planAsData(assembled, waves), null, 2)
      : renderDistribution(assembled, waves, terminal).join('\n'),
  )

/** Those that something stands in the way of, or that nobody could look at. */
const troubled = (plans: readonly ReplicaPlan[]): boolean =>
  plans.some(({ faults, unchecked }) => faults.length > 0 || unchecked !== undefined)

/** `make plan-replicate`: what is missing where, and what would be done. */
export async function planReplicate(settings: DistributionSettings, ports: Ports): Promise<number> {
  const replication = await plan(settings, ports)
  show(settings, replication, ports)
  return troubled(plansOf(replication)) ? exitCodes.failed : exitCodes.ok
}

/**
 * `make replicate`: copies a candidate to wherever images.yaml wants it, all regions of a wave at once. What fails in one
 * region holds no other one of its wave back; another run does only what is missing (B02).
 */
export async function replicate(settings: DistributionSettings, ports: Ports): Promise<number> {
  const replication = await plan(settings, ports)
  const quiet = wantsJson(settings)
  if (!quiet) show(settings, replication, ports)
  const plans = plansOf(replication)
  const outcomes: Outcome[] = []
  if (plans.some(({ steps }) => steps.length > 0)) {
    if (!(await ports.terminal.confirm(`Replicate ${replication.assembled.image.name}?`))) return exitCodes.ok
    outcomes.push(...(await execute(replication, ports)))
  }
  const ran = new Map(outcomes.map((outcome) => [outcome.plan, outcome]))
  ports.terminal.show(renderOutcome(replication.assembled, plans, ran, quiet))
  const failed = plans.some((one) => one.steps.length > 0 && ran.get(one)?.type !== 'done')
  return failed || troubled(plans) ? exitCodes.failed : exitCodes.ok
}

async function execute({ waves }: Replication, ports: Ports): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [index, { plans, gate }] of waves.entries()) {
    const ended = await runAll(plans, ports)
    outcomes.push(...ended)
    const later = waves.slice(index + 1).flatMap((wave) => wave.plans)
    if (later.every(({ steps }) => steps.length === 0)) continue
    const why =
      troubled(plans) || ended.some(({ type }) => type === 'failed')
        ? 'this wave is not complete'
        : gate && (await passGate(gate, plans, ports))
    if (why === undefined) continue
    ports.terminal.say(`! Held back: ${later.map(titleOf).join(', ')}: ${why}`)
    break
  }
  return outcomes
}

/** All at once; what fails is told as an outcome. */
export async function runAll(plans: readonly ReplicaPlan[], ports: Ports): Promise<readonly Outcome[]> {
  const { at, clock, terminal } = ports
  const doing = new Map<string, string>()
  const progress = (title: string, what: string | undefined): void => {
    if (what === undefined) doing.delete(title)
    else doing.set(title, what)
    terminal.progress([...doing].map(([where, words]) => `  ${where}  ${words}`))
  }
  const admitted = new Map<string, Promise<void>>()
  const admit = (admission: Admission): Promise<void> => {
    const key = `${admission.account} ${admission.image}`
    const begun = admitted.get(key) ?? letCopy(admission, ports)
    admitted.set(key, begun)
    return begun
  }
  const toDo = plans.filter(({ steps }) => steps.length > 0)
  try {
    return await settleAll(toDo.map((one) => runSteps(one, { at, clock, terminal, progress, admit })))
  } finally {
    terminal.settle()
  }
}

async function letCopy(
  { account, image, snapshots }: Admission,
  { publishing, terminal }: Pick<Ports, 'publishing' | 'terminal'>,
): Promise<void> {
  await publishing.share(image, [account])
  for (const snapshot of snapshots) await publishing.letRead(snapshot, account)
  terminal.say(`  ${account} may copy ${image}`)
}
