import { fakeFiles, fakePorts, fakeRegion } from '../../../fakes/regional.ts'
import { tags, templates } from '../../../fakes/riglet.ts'
import { stackState, type FakeStacks } from '../../../fakes/stacks.ts'
import type { FakeTerminal } from '../../../fakes/terminal.ts'

export const ground = 'acme-shop-staging-foundation'
export const ports = (stacks: FakeStacks, terminal: FakeTerminal) =>
  fakePorts(terminal, fakeRegion({ stacks }), { files: fakeFiles(templates) })

export const app = stackState('acme-shop-staging-app-shop-main', 'CREATE_COMPLETE', {
  tags,
  parameters: { Foundation: ground },
})
export const foundation = stackState(ground, 'CREATE_COMPLETE', { tags, outputs: { VpcId: 'vpc-1' } })
/** An app of another environment. */
export const other = stackState('acme-shop-production-app-shop-main', 'CREATE_COMPLETE', {
  tags,
  parameters: { Foundation: 'acme-shop-production-foundation' },
})
