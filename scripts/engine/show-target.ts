import { stackMissing } from '../core/stack/errors.ts'
import type { Ports } from '../core/ports/ports.ts'
import { wantsJson, type Settings } from '../core/settings/settings.ts'
import { exists } from '../core/stack/state.ts'
import type { Target } from '../core/target.ts'
import { renderOutputs, renderStates, stateData } from '../view/stacks.ts'

type ReadPorts = Pick<Ports, 'stacks' | 'terminal'>

const read = (target: Target, { stacks }: ReadPorts) => Promise.all(target.stacks.map((name) => stacks.find(name)))

export async function showStatus(target: Target, settings: Settings, ports: ReadPorts): Promise<void> {
  const states = await read(target, ports)
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify(
          target.stacks.map((name, index) => stateData(name, states[index])),
          undefined,
          2,
        )
      : renderStates(target.stacks, states),
  )
}

/** @throws RigletError NOT_FOUND when one of the stacks does not exist */
export async function showOutputs(target: Target, settings: Settings, ports: ReadPorts): Promise<void> {
  const states = (await read(target, ports)).map((state, index) => {
    if (!exists(state)) throw stackMissing(target.stacks[index]!, target.commands.create)
    return state
  })
  ports.terminal.show(
    wantsJson(settings)
      ? JSON.stringify(Object.fromEntries(states.map(({ name, outputs }) => [name, outputs])), undefined, 2)
      : renderOutputs(states),
  )
}
