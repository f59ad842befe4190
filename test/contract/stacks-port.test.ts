import { before, describe } from 'mocha'
import { makeStacks } from '../../scripts/aws/cloudformation/stacks.ts'
import type { Stacks } from '../../scripts/core/ports/stacks.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { stacksContract } from '../fakes/stacks-contract.ts'
import { insideRehearsal } from './rehearsal.ts'

describe('our port to CloudFormation', function () {
  this.timeout(60_000)
  insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  let stacks: Stacks

  before(() => {
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })

  stacksContract(() => ({ stacks, clock }))
})
