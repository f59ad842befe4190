import assert from 'node:assert/strict'
import { RigletError } from '../../scripts/core/errors.ts'
import { renderBug, renderFailure } from '../../scripts/view/failure.ts'
import { renderInventory, renderRiglet } from '../../scripts/view/riglet.ts'
import { renderOutputs, renderStates } from '../../scripts/view/stacks.ts'
import { imageFacts } from '../fakes/regional.ts'
import { stackState } from '../fakes/stacks.ts'
import { matchesGolden } from '../golden.ts'

describe('screens', () => {
  it('show what a riglet will be, and what it costs', () => {
    const settings = { REGION: 'eu-central-1', REPO: 'shop', BRANCH: 'main' }
    matchesGolden(
      'riglet',
      renderRiglet('acme-shop', '123456789012', settings, [
        { stack: 'acme-shop-artifacts', type: 'as desired' },
        { stack: 'acme-shop-integration-foundation', type: 'missing' },
        {
          stack: 'acme-shop-production-foundation',
          type: 'different',
          command: 'make update-environment ENV=production',
        },
      ]),
    )
  })

  it('show everything that deleting takes away', () => {
    const inventory = {
      region: 'eu-central-1',
      stacks: [stackState('acme-shop-artifacts')],
      images: [imageFacts('ami-00000000000000001', { name: 'acme-shop/web/1.4.2-9f86d081' })],
      snapshots: ['snap-1', 'snap-2'],
      instances: ['i-1'],
      buckets: ['acme-shop-artifacts-source'],
      parameters: [],
    }
    matchesGolden('inventory', renderInventory('acme-shop', [inventory]))
  })

  it('show states with what they mean', () => {
    const states = [
      stackState('a'),
      stackState('b', 'UPDATE_ROLLBACK_COMPLETE'),
      stackState('c', 'ROLLBACK_COMPLETE'),
      stackState('d', 'UPDATE_ROLLBACK_FAILED'),
      stackState('e', 'REVIEW_IN_PROGRESS'),
      undefined,
    ]
    matchesGolden('states', renderStates(['a', 'b', 'c', 'd', 'e', 'f'], states))
    matchesGolden(
      'outputs',
      renderOutputs([stackState('a', 'CREATE_COMPLETE', { outputs: { VpcId: 'vpc-1', Url: 'http://x' } })]),
    )
  })

  it('show failures without a stack trace, bugs with one', () => {
    const failure = renderFailure(new RigletError('USAGE', 'What was seen.', 'what\nhelps'))
    assert.equal(failure, 'What was seen.\n  what\n  helps')
    const bug = renderBug(new TypeError('x is not a function'))
    assert.match(bug, /^This is a bug in riglet/)
    assert.match(bug, /TypeError: x is not a function\n +at /)
  })
})
