import { convergeStacks, type Convergence } from '../../../scripts/engine/converge-stacks.ts'
import { commandsOf } from '../../../scripts/core/commands.ts'
import type { DesiredStack } from '../../../scripts/core/stack/desired.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import type { FakeStacks } from '../../fakes/stacks.ts'
import type { FakeTerminal } from '../../fakes/terminal.ts'

export const desired = (name: string): DesiredStack => ({
  name,
  title: name,
  file: `${name}.yaml`,
  template: 'Resources:\n  Thing: {}\n',
  parameters: { A: '1' },
  tags: {},
  capabilities: [],
})
export const web = desired('web')
export const convergence: Convergence = {
  purpose: 'update',
  question: 'Change it?',
  commands: commandsOf('environment', { ENV: 'staging' }),
}
export const create: Convergence = { ...convergence, purpose: 'create' }

/** Converges these stacks, or web alone. */
export const run = (stacks: FakeStacks, terminal: FakeTerminal, how: Convergence, ...all: readonly DesiredStack[]) =>
  convergeStacks(all.length === 0 ? [web] : all, how, fakePorts(terminal, fakeRegion({ stacks })))
