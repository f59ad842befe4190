import assert from 'node:assert/strict'
import { handlersNeedButRoleLacks, roleHasButHandlersDoNotName } from './deploy-role.exceptions.ts'
import { covered, handlerPermissions, neededActions, desired } from './support/handlers.ts'
import { statementsOf } from './support/statements.ts'
import { loadTemplate } from './support/template.ts'

/** https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html */
describe('the deploy role against the registry', () => {
  let needed: Map<string, string[]>
  let granted: readonly string[]

  before(async function () {
    this.timeout(60_000)
    const { Resources } = await loadTemplate('app-image')
    const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))].toSorted()
    needed = neededActions(await handlerPermissions(types))
    const statements = statementsOf(await loadTemplate('foundation')).filter(({ role }) => role === 'DeployRole')
    granted = [...new Set(statements.flatMap(({ actions }) => actions))]
  })

  it('has what the handlers of the types in app-image.yaml need (B20)', () => {
    const missing = [...needed].filter(([action]) => !covered(action, granted) && !(action in handlersNeedButRoleLacks))
    assert.deepEqual(
      missing.map(([action, by]) => `${action} (${by.join(', ')})`),
      [],
    )
  })

  it('has nothing that they do not need (B20)', () => {
    const surplus = granted.filter(
      (action) => !desired(action, needed.keys()) && !(action in roleHasButHandlersDoNotName),
    )
    assert.deepEqual(surplus, [])
  })

  it('has no exception that is out of date', () => {
    assert.deepEqual(
      Object.keys(handlersNeedButRoleLacks).filter((action) => !needed.has(action) || covered(action, granted)),
      [],
    )
    assert.deepEqual(
      Object.keys(roleHasButHandlersDoNotName).filter(
        (action) => !granted.includes(action) || desired(action, needed.keys()),
      ),
      [],
    )
  })

  it('would name a permission that is taken away, and one that is added', () => {
    const without = granted.filter((action) => action !== 'elasticloadbalancing:CreateRule')
    assert.equal(covered('elasticloadbalancing:CreateRule', without), false)
    assert.equal(desired('dynamodb:DeleteTable', needed.keys()), false)
  })
})
