import assert from 'node:assert/strict'
import { Linter } from 'eslint'
import { forbidden, layerOf, walls } from '../../setup/walls.js'

describe('the walls of the house', () => {
  const allowed: readonly (readonly [string, string])[] = [
    ['scripts/stack.ts', './main.ts'],
    ['scripts/stack.ts', './actions/stack/app.ts'],
    ['create-riglet.ts', './scripts/main.ts'],
    ['scripts/main.ts', './aws/stacks.ts'],
    ['scripts/main.ts', './core/settings.ts'],
    ['scripts/actions/stack/app.ts', '../../core/stack/plan.ts'],
    ['scripts/actions/stack/app.ts', '../../view/plan.ts'],
    ['scripts/aws/stacks.ts', '@aws-sdk/client-cloudformation'],
    ['scripts/core/stack/plan.ts', '../names.ts'],
    ['scripts/core/stack/plan.ts', 'node:crypto'],
    ['scripts/io/process.ts', 'zx'],
    ['demo/demo.ts', '../scripts/main.ts'],
    ['demo/ship.ts', '../scripts/core/errors.ts'],
    ['demo/ship.ts', './stage.ts'],
    ['test/core/names.test.ts', '../../scripts/core/names.ts'],
  ]
  for (const [from, name] of allowed) {
    it(`let ${from} import ${name}`, () => assert.equal(forbidden(from, name), undefined))
  }

  const refused: readonly (readonly [string, string])[] = [
    ['scripts/stack.ts', './core/names.ts'],
    ['scripts/stack.ts', '@aws-sdk/client-ec2'],
    ['scripts/main.ts', './actions/stack/app.ts'],
    ['scripts/main.ts', '@aws-sdk/client-ec2'],
    ['scripts/actions/stack/app.ts', '../../aws/stacks.ts'],
    ['scripts/actions/stack/app.ts', '../../main.ts'],
    ['scripts/actions/stack/app.ts', 'node:fs/promises'],
    ['scripts/view/plan.ts', '../io/terminal.ts'],
    ['scripts/core/stack/plan.ts', '../../view/plan.ts'],
    ['scripts/core/stack/plan.ts', 'node:fs'],
    ['scripts/io/process.ts', '../aws/stacks.ts'],
    ['scripts/aws/stacks.ts', '../../rehearsal/server.ts'],
    ['scripts/actions/stack/app.ts', '../../../demo/ship.ts'],
    ['scripts/main.ts', '../demo/run-demo.ts'],
    ['create-riglet.ts', './demo/demo.ts'],
    ['demo/ship.ts', '../rehearsal/contract/rehearsal.ts'],
    ['demo/ship.ts', '@aws-sdk/client-ec2'],
  ]
  for (const [from, name] of refused) {
    it(`stop ${from} from importing ${name}`, () => assert.notEqual(forbidden(from, name), undefined))
  }

  it('leave files outside the house alone', () => assert.equal(layerOf('eslint.config.js'), undefined))

  const reading: readonly (readonly [string, number])[] = [
    ['scripts/core/json.ts', 0],
    ['scripts/actions/image/bake.ts', 1],
    ['scripts/aws/stacks.ts', 1],
  ]
  for (const [filename, faults] of reading) {
    it(`${faults === 0 ? 'let' : 'keep'} ${filename} ${faults === 0 ? 'read' : 'from reading'} JSON by itself`, () => {
      const found = new Linter({ cwd: process.cwd() }).verify('export const a = JSON.parse("{}")', walls, { filename })
      assert.deepEqual(
        found.map(({ ruleId }) => ruleId),
        Array.from({ length: faults }, () => 'house/json'),
      )
    })
  }
})
