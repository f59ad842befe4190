import { after, before, describe } from 'mocha'
import { makeStacks } from '../../scripts/aws/stacks.ts'
import type { Stacks } from '../../scripts/core/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { stacksContract } from '../fakes/stacks-contract.ts'
import { onRehearsal } from './rehearsal.ts'

describe('our port to CloudFormation', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const clock = makeClock(new AbortController().signal)
  const saved = { ...process.env }
  let stacks: Stacks

  before(() => {
    Object.assign(process.env, ground.rehearsal.env)
    stacks = makeStacks({ region: 'us-east-1' }, clock)
  })
  after(() => {
    for (const name of Object.keys(ground.rehearsal.env)) delete process.env[name]
    Object.assign(process.env, saved)
  })

  stacksContract(() => ({ stacks, clock }))
})
