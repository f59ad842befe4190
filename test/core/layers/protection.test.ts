import assert from 'node:assert/strict'
import { heldBy, layers } from '../../../scripts/core/layers/layers.ts'
import { isProductions, stackPolicy } from '../../../scripts/core/layers/protection.ts'
import { stackState } from '../../fakes/stacks.ts'
import { loadTemplate } from '../../templates/support/template.ts'

type Statement = { readonly Effect: string; readonly Action: string | string[]; readonly Resource: string | string[] }
const statements = (held: readonly string[]): Statement[] =>
  (JSON.parse(stackPolicy(held)) as { Statement: Statement[] }).Statement

describe('what is protected of a stack', () => {
  for (const [kind, file] of [
    ['foundation', 'foundation'],
    ['app', 'app-image'],
  ] as const)
    it(`is in its template, whatever is set: ${kind}`, async () => {
      const { Resources } = await loadTemplate(file)
      for (const name of layers[kind].holdsState) {
        assert.ok(Resources[name] !== undefined, name)
        assert.equal(Resources[name].Condition, undefined, `${name} goes by a setting, and the policy would keep it`)
      }
    })

  it('may be modified, as a roll-out does, but neither replaced nor deleted', () => {
    const [allow, deny] = statements(layers.app.holdsState)
    assert.deepEqual([allow!.Effect, allow!.Action, allow!.Resource], ['Allow', 'Update:*', '*'])
    assert.deepEqual(
      [deny!.Effect, deny!.Action, deny!.Resource],
      ['Deny', ['Update:Replace', 'Update:Delete'], ['LogicalResourceId/Group']],
    )
  })

  it('is nothing that a roll-out or a setting may replace', () => {
    for (const name of ['LaunchTemplate', 'TargetGroup', 'Rule', 'SecurityGroup'])
      assert.ok(!(layers.app.holdsState as readonly string[]).includes(name), name)
  })

  it('is all free again where protection is lifted', () =>
    assert.deepEqual(
      statements([]).map(({ Effect }) => Effect),
      ['Allow'],
    ))

  it('is of production’s foundation and apps alone, as far as riglet does it by itself', () => {
    assert.ok(isProductions(stackState('acme-shop-production-foundation')))
    assert.ok(isProductions(stackState('acme-shop-production-app-web')))
    assert.ok(!isProductions(stackState('acme-shop-staging-app-web')))
    assert.ok(!isProductions(stackState('acme-shop-artifacts')))
    assert.deepEqual(heldBy(stackState('acme-shop-pipeline-web')), [])
  })
})
