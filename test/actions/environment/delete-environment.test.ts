import assert from 'node:assert/strict'
import { deleteEnvironment } from '../../../scripts/actions/environment/environment.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { settings, tags } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { ground, ports, app, foundation, other } from './support/environment.ts'

describe('environment', () => {
  it('goes with its apps, the apps first, and nothing else goes (R15)', async () => {
    const stacks = fakeStacks({ states: [foundation, app, other] })
    const terminal = answering('yes')
    assert.equal(await deleteEnvironment(settings, ports(stacks, terminal)), 0)
    assert.deepEqual(stacks.removed, [app.name, ground])
    assert.deepEqual([...stacks.states.keys()], [other.name])
    assert.match(terminal.shown[0]!, /will be DELETED/)
  })

  for (const [environment, where] of [
    ['staging', 'at Staging, and nothing more reaches production'],
    ['production', 'at Plan, just before production'],
  ] as const)
    it(`says before it goes which pipelines deploy to ${environment}, and what their pushes do from then on`, async () => {
      const deploying = stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
        tags,
        parameters: { Jobs: 'acme-shop-jobs-shop-main' },
      })
      const gone = stackState(`acme-shop-${environment}-foundation`, 'CREATE_COMPLETE', { tags })
      const stacks = fakeStacks({ states: [gone, deploying] })
      const terminal = answering(environment === 'production' ? gone.name : 'yes')
      assert.equal(await deleteEnvironment({ ...settings, ENV: environment }, ports(stacks, terminal)), 0)
      assert.deepEqual(stacks.removed, [gone.name])
      const screen = terminal.shown[0]!
      const words = screen.replaceAll(/\s+/g, ' ')
      assert.ok(words.includes(`${deploying.name} deploys to ${environment}: every push will fail ${where}`), words)
      assert.ok(words.includes(`until you run \`make create-environment ENV=${environment}\`.`), words)
      assert.deepEqual(
        screen.split('\n').filter((line) => line.length > 80),
        [],
      )
    })

  it('warns of no pushes where no pipeline is', async () => {
    const terminal = answering('no')
    await deleteEnvironment(settings, ports(fakeStacks({ states: [foundation, app] }), terminal))
    assert.doesNotMatch(terminal.shown[0]!, /push/)
  })

  it('stays when the answer is no (R17)', async () => {
    const stacks = fakeStacks({ states: [foundation, app] })
    assert.equal(await deleteEnvironment(settings, ports(stacks, answering('no'))), 1)
    assert.deepEqual(stacks.removed, [])
  })

  it('stays while a pipeline builds in it, and names that pipeline', async () => {
    const pipeline = stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
      tags,
      parameters: { BuildFoundation: ground },
    })
    const stacks = fakeStacks({ states: [foundation, pipeline] })
    const work = deleteEnvironment(settings, ports(stacks, answering('yes')))
    await assert.rejects(
      work,
      ({ code, message }: RigletError) => code === 'STACK_NEEDED' && message.includes(pipeline.name),
    )
    assert.deepEqual(stacks.removed, [])
  })

  it('stays when it is protected, and says which command lifts that', async () => {
    const stacks = fakeStacks({ states: [{ ...foundation, protected: true }] })
    const work = deleteEnvironment(settings, ports(stacks, answering('yes')))
    await assert.rejects(
      work,
      ({ code, remedy }: RigletError) =>
        code === 'STACK_PROTECTED' &&
        /aws .*--no-enable-termination-protection .*--region eu-central-1 --profile acme$/.test(remedy),
    )
    assert.deepEqual(stacks.removed, [])
  })

  it('has nothing to delete when it is not there', async () => {
    const terminal = answering()
    assert.equal(await deleteEnvironment(settings, ports(fakeStacks(), terminal)), 0)
    assert.match(terminal.shown[0]!, /nothing to delete/)
  })

  it('waits for what is under way in a stack before it deletes it', async () => {
    const stacks = fakeStacks({ states: [stackState(ground, 'CREATE_COMPLETE', { tags })] })
    const plan = await stacks.plan(
      { name: ground, title: '', file: '', template: '', parameters: {}, tags, capabilities: [] },
      stacks.states.get(ground),
    )
    assert.ok(plan.type === 'changes')
    await stacks.execute(plan)
    const terminal = answering('yes')
    assert.equal(await deleteEnvironment(settings, ports(stacks, terminal)), 0)
    assert.match(terminal.said[0]!, /Waiting for what is under way/)
    assert.equal(stacks.states.size, 0)
  })
})
