import assert from 'node:assert/strict'
import { kindOf, isProductions, stackPolicy, stateOf } from '../../../scripts/core/stack/protection.ts'
import { stackState } from '../../fakes/stacks.ts'
import { loadTemplate } from '../../templates/support/template.ts'

type Statement = { readonly Effect: string; readonly Action: string | string[]; readonly Resource: string | string[] }
const statements = (kind: Parameters<typeof stackPolicy>[0]): Statement[] =>
  (JSON.parse(stackPolicy(kind)) as { Statement: Statement[] }).Statement

describe('what is protected of a stack', () => {
  for (const [kind, file] of [
    ['foundation', 'foundation'],
    ['app', 'app-image'],
  ] as const)
    it(`is in its template, whatever is set: ${kind}`, async () => {
      const { Resources } = await loadTemplate(file)
      for (const name of stateOf(kind)) {
        assert.ok(Resources[name] !== undefined, name)
        assert.equal(Resources[name].Condition, undefined, `${name} goes by a setting, and the policy would keep it`)
      }
    })

  it('may be modified, as a roll-out does, but neither replaced nor deleted', () => {
    const [allow, deny] = statements('app')
    assert.deepEqual([allow!.Effect, allow!.Action, allow!.Resource], ['Allow', 'Update:*', '*'])
    assert.deepEqual(
      [deny!.Effect, deny!.Action, deny!.Resource],
      ['Deny', ['Update:Replace', 'Update:Delete'], ['LogicalResourceId/Group']],
    )
  })

  it('is nothing that a roll-out or a setting may replace', () => {
    for (const name of ['LaunchTemplate', 'TargetGroup', 'Rule', 'SecurityGroup'])
      assert.ok(!stateOf('app').includes(name), name)
  })

  it('is all free again where protection is lifted', () =>
    assert.deepEqual(
      statements('none').map(({ Effect }) => Effect),
      ['Allow'],
    ))

  it('is of production’s foundation and apps alone, as far as riglet does it by itself', () => {
    const of = (name: string, Environment: string, parameters = {}) =>
      stackState(name, 'CREATE_COMPLETE', { tags: { Environment }, parameters })
    const app = { Foundation: 'ground' }
    assert.ok(isProductions(of('acme-shop-production-foundation', 'production')))
    assert.ok(isProductions(of('acme-shop-production-app-web', 'production', app)))
    assert.ok(!isProductions(of('acme-shop-staging-app-web', 'staging', app)))
    assert.ok(!isProductions(of('acme-shop-artifacts', '')))
    assert.equal(kindOf(of('acme-shop-pipeline-web', 'shared')), undefined)
  })
})
