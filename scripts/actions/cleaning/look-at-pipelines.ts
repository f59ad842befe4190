import type { Gap, Use } from '../../core/cleaning/findings.ts'
import { app } from '../../core/layers/app.ts'
import { ofLayer } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import { environments, stackName, tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { earlierIn } from '../../core/rollback/earlier.ts'
import { exists, type StackState } from '../../core/stack/state.ts'
import { orUnchecked } from '../../engine/of-many.ts'

type PipelinePorts = Pick<Ports, 'pipelines' | 'stacks'>

/** Executions that are looked through: some months of a busy pipeline. */
const remembered = 50
/** Images of an environment that a pipeline's history holds: what runs, and what a roll-back would choose. */
const kept = 2

export type PipelinesLook = {
  /** What apps run, may go back to, or are on their way with. */
  readonly uses: readonly Use[]
  /** All that pipelines baked of late, and what stacks are deployed with. */
  readonly known: ReadonlySet<string>
  readonly gaps: readonly Gap[]
}

/** Which images the riglet's own apps and pipelines know. */
export async function lookAtPipelines(
  riglet: Riglet,
  region: string,
  since: Date,
  ports: PipelinePorts,
): Promise<PipelinesLook> {
  const listed = await orUnchecked(
    ports.stacks.list(tagsOf(riglet)).then((stacks) => ({ type: 'seen' as const, stacks: stacks.filter(exists) })),
  )
  if (listed.type === 'unchecked')
    return { uses: [], known: new Set(), gaps: [{ region, what: `the stacks are not told: ${listed.why}` }] }
  const histories = await Promise.all(
    ofLayer('pipeline', listed.stacks).map(async (stack) => {
      const name = stackName.pipeline(riglet, pipeline.facts(stack).source)
      const told = await orUnchecked(historyOf(name, since, ports).then((seen) => ({ type: 'seen' as const, ...seen })))
      return { name, told }
    }),
  )
  const stacks = deployed(listed.stacks)
  const baked = histories.flatMap(({ told }) => (told.type === 'seen' ? told.baked : []))
  return {
    known: new Set([...stacks.map(({ image }) => image), ...baked]),
    uses: [...stacks, ...histories.flatMap(({ told }) => (told.type === 'seen' ? told.uses : []))],
    gaps: histories.flatMap(({ name, told }) =>
      told.type === 'seen' ? [] : [{ region, what: `the history of ${name} is not told: ${told.why}` }],
    ),
  }
}

const deployed = (stacks: readonly StackState[]): readonly Use[] =>
  ofLayer('app', stacks).flatMap((stack) => {
    const { image } = app.facts(stack)
    return image === undefined ? [] : [{ image, by: `the stack ${stack.name} is deployed with it` }]
  })

async function historyOf(
  name: string,
  since: Date,
  { pipelines }: PipelinePorts,
): Promise<{ readonly uses: readonly Use[]; readonly baked: readonly string[] }> {
  const executions = await pipelines.executions(name, remembered)
  if (executions.length === 0) return { uses: [], baked: [] }
  const runs = await pipelines.runsSince(name, Math.min(...executions.map(({ started }) => started)))
  const bakes = runs.flatMap(({ execution, action, variables: { IMAGE_ID: image } }) =>
    action === 'Bake' && image ? [{ execution, image }] : [],
  )
  const back = environments.flatMap((environment) =>
    earlierIn(environment, executions, runs)
      .slice(0, kept)
      .map(({ image }) => ({ image, by: `${name} passed it in ${environment}, where a roll-back may want it` })),
  )
  const underway = executions.flatMap(({ id, status, started }) => {
    const lately = status === 'Succeeded' && started >= since.getTime()
    if (status !== 'InProgress' && !lately) return []
    const by = `${name} ${lately ? 'deployed it lately' : 'is on its way with it'}`
    return bakes.filter(({ execution }) => execution === id).map(({ image }) => ({ image, by }))
  })
  return { uses: [...back, ...underway], baked: bakes.map(({ image }) => image) }
}
