import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Linter } from 'eslint'
import { forbidden, layerOf, walls } from '../../setup/walls.js'

describe('the walls of the house', () => {
  const allowed: readonly (readonly [string, string])[] = [
    ['scripts/stack.ts', './main.ts'],
    ['scripts/stack.ts', './actions/app/app.ts'],
    ['create-riglet.ts', './scripts/main.ts'],
    ['scripts/main.ts', './aws/stacks.ts'],
    ['scripts/main.ts', './core/settings.ts'],
    ['scripts/actions/app/app.ts', '../../core/stack/plan.ts'],
    ['scripts/actions/app/app.ts', '../../view/plan.ts'],
    ['scripts/actions/app/app.ts', '../../engine/verbs.ts'],
    ['scripts/engine/make-plans.ts', '../view/plan.ts'],
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
    ['scripts/main.ts', './actions/app/app.ts'],
    ['scripts/main.ts', '@aws-sdk/client-ec2'],
    ['scripts/actions/app/app.ts', '../../aws/stacks.ts'],
    ['scripts/actions/app/app.ts', '../../main.ts'],
    ['scripts/actions/app/app.ts', 'node:fs/promises'],
    ['scripts/engine/make-plans.ts', '../actions/app/app.ts'],
    ['scripts/engine/make-plans.ts', '../aws/stacks.ts'],
    ['scripts/engine/make-plans.ts', 'node:fs'],
    ['scripts/view/plan.ts', '../io/terminal.ts'],
    ['scripts/view/plan.ts', '../engine/verbs.ts'],
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

  const files = globSync('scripts/**/*.ts')
  /** Folder -> folders that it imports from. */
  const imports = new Map<string, Set<string>>()
  for (const path of files) {
    const folder = dirname(path)
    const found = imports.get(folder) ?? new Set()
    imports.set(folder, found)
    for (const [, other] of readFileSync(path, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)'/g))
      found.add(dirname(join(folder, other!)))
    found.delete(folder)
  }

  it('leave no circle between folders', () => {
    assert.ok(imports.size > 30)
    const left = new Map(imports)
    // Whoever imports nothing of what is left stands in no circle.
    const free = (): readonly string[] =>
      [...left.keys()].filter((folder) => ![...left.get(folder)!].some((other) => left.has(other)))
    for (let found = free(); found.length > 0; found = free()) found.forEach((folder) => left.delete(folder))
    assert.deepEqual([...left.keys()], [])
  })

  it('hold no more than fifteen files in a folder', () => {
    const sizes = Map.groupBy(files, dirname)
    assert.deepEqual(
      [...sizes].flatMap(([folder, files]) => (files.length > 15 ? [`${folder} ${files.length}`] : [])),
      [],
    )
  })

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
