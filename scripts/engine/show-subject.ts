import { stackMissing } from '../core/stack/errors.ts'
import type { Ports } from '../core/ports/ports.ts'
import { wantsJson, type Settings } from '../core/settings/settings.ts'
import { exists } from '../core/stack/state.ts'
import type { Subject } from '../core/subject.ts'
import { renderOutputs, renderStates, stateData } from '../view/stacks.ts'

type ReadPorts = Pick<Ports, 'stacks' | 'terminal'>

const read = (subject: Subject, { stacks }: ReadPorts) => Promise.all(subject.stacks.map((name) => stacks.find(name)))

export async function showStatus(subject: Subject, settings: Settings, ports: ReadPorts): Promise<void> {
  const states = await read(subject, ports)
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify(
          subject.stacks.map((name, index) => stateData(name, states[index])),
          undefined,
          2,
        )
      : renderStates(subject.stacks, states),
  )
}

/** @throws RigletError NOT_FOUND when one of the stacks does not exist */
export async function showOutputs(subject: Subject, settings: Settings, ports: ReadPorts): Promise<void> {
  const states = (await read(subject, ports)).map((state, index) => {
    if (!exists(state)) throw stackMissing(subject.stacks[index]!, subject.commands.create)
    return state
  })
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify(Object.fromEntries(states.map(({ name, outputs }) => [name, outputs])), undefined, 2)
      : renderOutputs(states),
  )
}
