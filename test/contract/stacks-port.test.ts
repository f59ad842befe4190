import { after, before, describe } from 'mocha'
import { makeStacks } from '../../scripts/aws/stacks.ts'
import type { Stacks } from '../../scripts/core/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { stacksContract } from '../fakes/stacks-contract.ts'
import { enter, onRehearsal } from './rehearsal.ts'

describe('our port to CloudFormation', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const clock = makeClock(new AbortController().signal)
  let leave = (): void => undefined
  let stacks: Stacks

  before(() => {
    leave = enter(ground)
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })
  after(() => leave())

  stacksContract(() => ({ stacks, clock }))
})
