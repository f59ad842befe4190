import assert from 'node:assert/strict'
import { decide } from '../../../../scripts/core/stack/decide/decide.ts'
import { keptDigest } from '../../../../scripts/core/stack/decide/kept-digest.ts'
import { healthOf } from '../../../../scripts/core/stack/state.ts'
import type { DesiredStack } from '../../../../scripts/core/stack/desired.ts'
import { deployed, stackState } from '../../../fakes/stacks.ts'

const desired: DesiredStack = {
  name: 'web',
  title: 'web',
  file: 'web.yaml',
  template: 'Resources: {}',
  parameters: { A: '1' },
  tags: {},
  capabilities: [],
}
const same = (status: string) => deployed(desired, { status })

describe('decide', () => {
  const cases: readonly [string, Parameters<typeof decide>[1], string][] = [
    ['no stack is planned', undefined, 'plan'],
    ['a stack with the same digest is in sync', same('UPDATE_COMPLETE'), 'in sync'],
    ['a stack with another digest is planned', stackState('web'), 'plan'],
    ['REVIEW_IN_PROGRESS does not count as existing', stackState('web', 'REVIEW_IN_PROGRESS'), 'plan'],
    ['the same creation under way is joined', same('CREATE_IN_PROGRESS'), 'join'],
    ['the same update under way is joined', same('UPDATE_IN_PROGRESS'), 'join'],
    ['the same update cleaning up is joined', same('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'), 'join'],
    ["somebody else's update is not ours", stackState('web', 'UPDATE_IN_PROGRESS'), 'busy'],
    ['a roll-back is not what was wanted, even of the same', same('UPDATE_ROLLBACK_IN_PROGRESS'), 'busy'],
    ['a deletion is not what was wanted', same('DELETE_IN_PROGRESS'), 'busy'],
    ['a failed creation never worked', same('ROLLBACK_COMPLETE'), 'createFailed'],
    ['a failed roll-back waits for a person', same('UPDATE_ROLLBACK_FAILED'), 'needsRecovery'],
    [
      'after a roll-back the former digest stands, and the change is planned again',
      stackState('web', 'UPDATE_ROLLBACK_COMPLETE'),
      'plan',
    ],
  ]
  for (const [title, state, type] of cases)
    it(title, async () => {
      assert.equal((await decide(desired, state)).type, type)
    })

  describe('does not trust the digest alone', () => {
    const known: DesiredStack = {
      ...desired,
      template: 'Parameters:\n  A: { Type: String }\n  Size:\n    Type: String\n    Default: small\nResources: {}',
      parameters: { A: '1' },
      tags: { Owner: 'acme' },
    }
    const now = (parameters: Readonly<Record<string, string>>, more: object = {}) =>
      deployed(known, { ...more, parameters: { ...deployed(known).parameters, Size: 'small', ...parameters } })
    const manual: readonly [string, Parameters<typeof decide>[1], string][] = [
      ['a parameter changed by hand is planned', now({ A: '2' }), 'plan'],
      ['one that nobody sets here, and was set by hand, stays', now({ Size: 'large' }), 'in sync'],
      ['a tag changed by hand is planned', now({}, { tags: { Owner: 'other' } }), 'plan'],
      ['a tag removed by hand is planned', now({}, { tags: {} }), 'plan'],
      ["a tag of somebody else's is no difference", now({}, { tags: { Owner: 'acme', Cost: '7' } }), 'in sync'],
      ['a parameter whose value AWS hides is taken for the same', now({ A: '****' }), 'in sync'],
      [
        "somebody else's update of a parameter is not joined",
        now({ A: '2' }, { status: 'UPDATE_IN_PROGRESS' }),
        'busy',
      ],
    ]
    for (const [title, state, type] of manual)
      it(title, async () => {
        assert.equal((await decide(known, state)).type, type)
      })
    for (const [title, state, type] of manual)
      it(`${title}, of a stack that is sealed, too`, async () => {
        const sealed = { ...state!.parameters, Digest: await keptDigest(known) }
        assert.equal((await decide(known, { ...state!, parameters: sealed })).type, type)
      })
  })

  describe('with a template that updating looks things up for', () => {
    const lookingUp: DesiredStack = {
      ...desired,
      template: 'Parameters:\n  A: { Type: "AWS::SSM::Parameter::Value<String>" }\nResources: {}',
    }
    const plain: DesiredStack = { ...desired, template: 'Parameters:\n  A: { Type: String }\nResources: {}' }
    const handedIn = async (stack: DesiredStack, status = 'UPDATE_COMPLETE') =>
      stackState('web', status, {
        parameters: { ...stack.parameters, Digest: await keptDigest(stack) },
      })

    it('plans although nothing that was handed in has changed, and says so', async () => {
      const decision = await decide(lookingUp, await handedIn(lookingUp))
      assert.deepEqual([decision.type, decision.type === 'plan' && decision.same], ['plan', true])
      const older = await decide(lookingUp, deployed(lookingUp))
      assert.deepEqual([older.type, older.type === 'plan' && older.same], ['plan', true])
      assert.equal((await decide(plain, await handedIn(plain))).type, 'in sync')
    })

    it('plans where the value of a parameter is a reference', async () => {
      const referring = { ...plain, parameters: { A: '{{resolve:ssm:/image}}' } }
      assert.equal((await decide(referring, await handedIn(referring))).type, 'plan')
      const pinned = { ...plain, parameters: { A: '{{resolve:ssm:/image:7}}' } }
      assert.equal((await decide(pinned, await handedIn(pinned))).type, 'in sync')
    })

    it('joins the same change all the same', async () => {
      assert.equal((await decide(lookingUp, await handedIn(lookingUp, 'UPDATE_IN_PROGRESS'))).type, 'join')
    })
  })

  it('plans what is to go back to its default, until it is there', async () => {
    const template = 'Parameters:\n  Size:\n    Type: String\n    Default: small\nResources: {}'
    const reset: DesiredStack = { ...desired, template, parameters: {}, reset: ['Size'] }
    assert.equal((await decide(reset, deployed(reset, { parameters: { Size: 'large' } }))).type, 'plan')
    const there = deployed(reset)
    assert.equal(
      (await decide(reset, { ...there, parameters: { ...there.parameters, Size: 'small' } })).type,
      'in sync',
    )
  })

  it('plans a first set on an empty stack as a creation', async () => {
    const decision = await decide(desired, stackState('web', 'REVIEW_IN_PROGRESS'))
    assert.deepEqual(decision, { type: 'plan', state: undefined })
  })
})

describe('health', () => {
  it('knows every status that CloudFormation has', () => {
    const known = {
      ready: [
        'CREATE_COMPLETE',
        'UPDATE_COMPLETE',
        'UPDATE_ROLLBACK_COMPLETE',
        'IMPORT_COMPLETE',
        'IMPORT_ROLLBACK_COMPLETE',
      ],
      busy: ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS'],
      createFailed: ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED'],
      needsRecovery: ['UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED', 'UPDATE_FAILED'],
      empty: ['REVIEW_IN_PROGRESS'],
      gone: ['DELETE_COMPLETE'],
    }
    for (const [health, statuses] of Object.entries(known))
      for (const status of statuses) assert.equal(healthOf(status), health, status)
  })
})
