import { describe } from 'mocha'
import { fakeClock } from './image-ports.ts'
import { fakeStacks } from './stacks.ts'
import { stacksContract } from './stacks-contract.ts'

describe('the fake of CloudFormation', () => {
  const stacks = fakeStacks()
  stacksContract(() => ({ stacks, clock: fakeClock() }))
})
