import assert from 'node:assert/strict'
import { foundation, names, stack, topic, world } from './support/world.ts'

const name = 'acme-shop-staging-group-web'
const group = stack(name, { outputs: { GroupName: 'web-group' } })
const instance = { id: 'i-follower', image: 'ami-7', group: 'web-group', tags: {} }

describe('the drift of groups that follow a repository', () => {
  it('is that of their stacks; their instances belong to somebody, also in the network of apps', async () => {
    const stacks = [...names.map((one) => stack(one)), group]
    const fleet = {
      instancesIn: (vpc: string) => Promise.resolve(vpc === `vpc-${foundation('staging')}` ? [instance] : []),
    }
    const { text } = await world({ stacks, fleet }).show()
    assert.doesNotMatch(text, /i-follower/)
    const drifts = { [name]: { type: 'checked', stack: name, resources: [topic('DELETED')] } } as const
    assert.match(
      (await world({ stacks, fleet, drifts }).show()).text,
      /acme-shop-staging-group-web Topic .*\n.*was deleted by hand/,
    )
  })

  it('is looked for where there is nothing but them, and no foundation is missed', async () => {
    const drifts = { [name]: { type: 'checked', stack: name, resources: [topic('DELETED')] } } as const
    const { text } = await world({ stacks: [group], drifts }).show()
    assert.doesNotMatch(text, /foundation/)
    assert.match(text, /acme-shop-staging-group-web Topic/)
  })
})
