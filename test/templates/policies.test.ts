import assert from 'node:assert/strict'
import { longest } from './support/render.ts'
import { concerns, detailsOf, hasKey, needsEverything } from './support/authorization.ts'
import { policiesOf, where } from './support/statements.ts'
import { patterns, everyTemplate, everyStatement } from './support/policies.ts'

describe('policies of the templates', () => {
  it('name actions that exist', async () => {
    const unknown: string[] = []
    for (const statement of await everyStatement())
      for (const action of statement.actions)
        if (!(action in patterns) && (await detailsOf(action)) === undefined)
          unknown.push(`${where(statement)} ${action}`)
    assert.deepEqual(unknown, [])
  })

  it('name resources wherever AWS knows any', async () => {
    const loose: string[] = []
    for (const statement of await everyStatement())
      if (statement.resources.includes('*'))
        for (const action of statement.actions)
          if (!(action in patterns) && !(await needsEverything(action))) loose.push(`${where(statement)} ${action}`)
    assert.deepEqual(loose, [])
  })

  it('name only resources that their actions can have, and for every action one', async () => {
    const idle: string[] = []
    for (const statement of await everyStatement()) {
      const { actions, resources } = statement
      const named = actions.filter((action) => !(action in patterns))
      if (resources.includes('*') || named.length === 0) continue
      for (const action of named)
        if (!(await some(resources, (arn) => concerns(action, arn)))) idle.push(`${where(statement)} ${action}`)
      for (const arn of resources)
        if (!(await some(named, (action) => concerns(action, arn)))) idle.push(`${where(statement)} ${arn}`)
    }
    assert.deepEqual(idle, [])
  })

  it('ask only for conditions that AWS sends with every action of the statement', async () => {
    const dead: string[] = []
    for (const statement of await everyStatement())
      for (const key of Object.values(statement.condition).flatMap((keys) => Object.keys(keys)))
        for (const action of statement.actions)
          if (!(action in patterns) && !(await hasKey(action, key))) dead.push(`${where(statement)} ${action} ${key}`)
    assert.deepEqual(dead, [])
  })

  it('say in an id of its own what each statement is for', async () => {
    for (const { file, template } of await everyTemplate())
      for (const { role, document } of policiesOf(template)) {
        const sids = (document['Statement'] as { Sid?: string }[]).map(({ Sid }) => Sid)
        assert.ok(
          sids.every((sid) => sid !== undefined),
          `${file} ${role}: a statement without Sid`,
        )
        assert.equal(new Set(sids).size, sids.length, `${file} ${role}: a Sid twice`)
      }
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  it('fit into the sizes that IAM allows, with the longest names', async () => {
    for (const { template } of await everyTemplate()) {
      const policies = policiesOf(template, longest)
      for (const role of new Set(policies.map((policy) => policy.role))) {
        const own = policies.filter((policy) => policy.role === role)
        const size = own.reduce((sum, { document }) => sum + JSON.stringify(document).length, 0)
        const limit = own[0]!.kind === 'managed' ? 6144 : 10_240
        assert.ok(size <= limit, `${role}: ${size} characters, ${limit} are allowed`)
      }
    }
  })

  it('let roles be passed only to a named service, and only named roles', async () => {
    const passing = (await everyStatement()).filter(({ actions }) => actions.includes('iam:PassRole'))
    assert.ok(passing.length >= 2)
    for (const statement of passing) {
      assert.ok(statement.condition['StringEquals']?.['iam:PassedToService'] !== undefined, where(statement))
      assert.ok(
        statement.resources.every((arn) => /:role\/acme-shop\//.test(arn)),
        where(statement),
      )
    }
  })
})

const some = async <T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<boolean> => {
  for (const item of items) if (await test(item)) return true
  return false
}
