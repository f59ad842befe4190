import type { Control } from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, wantsJson } from '../../core/settings/settings.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { Subject } from '../../core/subject.ts'
import { convergeStacks } from '../../engine/converge-stacks.ts'
import { planStacks } from '../../engine/plan-stacks.ts'
import { tellOutcome } from '../../engine/verbs.ts'
import { releaseTo, type PipelineSettings } from '../pipeline/pipeline.ts'
import { readControl } from '../pipeline/release-control.ts'

/** The one stack of a subject whose jobs run control. */
export type WithControl = (settings: PipelineSettings, control: Control, ports: Ports) => Promise<DesiredStack>

/** What its jobs run is released with it, once somebody has said yes. The riglet's buckets must be there. */
export async function changeWithControl(
  purpose: 'create' | 'update',
  subject: Subject,
  desiredOf: WithControl,
  settings: PipelineSettings,
  ports: Ports,
): Promise<number> {
  const control = await readControl(ports)
  const outcome = await convergeStacks(
    [await desiredOf(settings, control, ports)],
    {
      purpose,
      question: `${purpose === 'create' ? 'Create' : 'Change'} ${subject.title}?`,
      commands: subject.commands,
      commitTag: commitTagOf(settings),
      json: wantsJson(settings),
      prepare: () => releaseTo(settings, control, ports),
    },
    ports,
  )
  return tellOutcome(outcome, purpose, subject, settings, ports)
}

export async function planWithControl(
  { commands }: Subject,
  desiredOf: WithControl,
  settings: PipelineSettings,
  ports: Ports,
): Promise<void> {
  const desired = await desiredOf(settings, await readControl(ports), ports)
  await planStacks([desired], { commands, commitTag: commitTagOf(settings), json: wantsJson(settings) }, ports)
}
