import assert from 'node:assert/strict'
import { changeApp, planApp } from '../../../scripts/actions/app/app.ts'
import type { PropertyChange, ResourceChange } from '../../../scripts/core/stack/plan.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { name, one, ports, two } from './support/app.ts'

const launchTemplate = (property: Partial<PropertyChange>): ResourceChange => ({
  ...{ logicalId: 'LaunchTemplate', resourceType: 'AWS::EC2::LaunchTemplate', action: 'modify', replacement: 'no' },
  properties: [{ path: 'LaunchTemplateData.ImageId', before: one, replaces: 'no', ...property }],
})

/** An app that runs the first image, and what its change set says of its launch template. */
function world(property: Partial<PropertyChange>) {
  const state = stackState(name, 'UPDATE_COMPLETE', { parameters: { ImageId: one, Owner: 'acme', Project: 'shop' } })
  const stacks = fakeStacks({ states: [state], changes: { [name]: [launchTemplate(property)] } })
  return { stacks, ports: ports(stacks, answering('yes')) }
}

describe('an app whose plan would change its AMI', () => {
  const surprises: readonly (readonly [string, Partial<PropertyChange>, RegExp])[] = [
    ['one that its template names itself', { after: two }, /ImageId would go from ami-\w+1 to ami-\w+2$/m],
    ['one that its template looks up', { after: '{{resolve:ssm:/web/image}}' }, /to {{resolve:ssm:\/web\/image}}$/m],
    ['one that nobody can tell', { after: undefined, cause: 'Newest' }, /does not tell, because of Newest$/m],
    ['none any more', { path: 'LaunchTemplateData.ImageId', after: '' }, /would go from ami-\w+1 to $/m],
  ]
  for (const [what, property, words] of surprises)
    it(`to ${what} fails, in plan and in update, and leaves no plan behind (B05)`, async () => {
      for (const change of [planApp, changeApp.bind(undefined, 'update')]) {
        const { stacks, ports: all } = world(property)
        const work = change({ ...settings, HOST_NAME: 'shop.example.com' }, all)
        await assert.rejects(work, { code: 'IMAGE', message: words })
        assert.deepEqual([stacks.discarded.length, stacks.executed.length], [1, 0])
      }
    })

  it('to the one that was asked for is planned and shown (B05)', async () => {
    for (const property of [{ after: two }, { after: undefined, cause: 'ImageId' }]) {
      const { stacks, ports: all } = world(property)
      await planApp({ ...settings, IMAGE: two }, all)
      assert.equal(stacks.planned.length, 1)
    }
  })
})
