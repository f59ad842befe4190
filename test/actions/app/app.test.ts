import assert from 'node:assert/strict'
import { changeApp, deleteApp, planApp } from '../../../scripts/actions/app/app.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ResourceChange } from '../../../scripts/core/stack/plan.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { name, one, two, images, ports, refusal } from './support/app.ts'

describe('app', () => {
  it('is made by hand with a chosen image (R59)', async () => {
    const stacks = fakeStacks()
    assert.equal(await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes'))), 0)
    const { parameters, tags } = stacks.states.get(name)!
    assert.equal(parameters['ImageId'], one)
    assert.equal(parameters['Version'], '1.4.2')
    assert.equal(parameters['Commit'], '9f3c2e1aa')
    assert.equal(parameters['Foundation'], 'acme-shop-staging-foundation')
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Environment: 'staging', Layer: 'app', App: 'shop-main' })
  })

  it('keeps its image and its other parameters when none is named', async () => {
    const stacks = fakeStacks()
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    const calls = stacks.calls.length
    const terminal = answering()
    assert.equal(await changeApp('update', settings, ports(stacks, terminal)), 0)
    assert.equal(terminal.shown.at(-1), 'acme-shop staging shop-main: in sync, nothing to change')
    assert.ok(stacks.calls.length - calls <= 2)
  })

  it('is in sync although CloudFormation filled in the defaults, and keeps what differs from them', async () => {
    const stacks = fakeStacks()
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    const state = stacks.states.get(name)!
    stacks.states.set(name, { ...state, parameters: { ...state.parameters, HostName: '' } })
    const terminal = answering()
    await changeApp('update', settings, ports(stacks, terminal))
    assert.match(terminal.shown.at(-1)!, /in sync/)
    stacks.states.set(name, { ...state, parameters: { ...state.parameters, MinSize: '4' } })
    await changeApp('update', { ...settings, IMAGE: two }, ports(stacks, answering('yes')))
    assert.equal(stacks.states.get(name)!.parameters['MinSize'], '4')
  })

  it('takes back what was set when it is typed empty, and nothing else', async () => {
    const stacks = fakeStacks()
    const set = { HOST_NAME: 'shop.example.com', INSTANCE_TYPE: 't3.small', MIN_SIZE: '3' }
    await changeApp('create', { ...settings, ...set, IMAGE: one }, ports(stacks, answering('yes')))
    await changeApp('update', { ...settings, HOST_NAME: '', IMAGE: '' }, ports(stacks, answering('yes')))
    const { HostName, InstanceType, MinSize, ImageId } = stacks.states.get(name)!.parameters
    assert.deepEqual([HostName, InstanceType, MinSize, ImageId], [undefined, 't3.small', '3', one])
  })

  it('shows versions and commits beside the ids of images', async () => {
    const changes: ResourceChange[] = [
      {
        logicalId: 'LaunchTemplate',
        resourceType: 'AWS::EC2::LaunchTemplate',
        action: 'modify',
        replacement: 'no',
        properties: [{ path: 'LaunchTemplateData.ImageId', before: one, after: two, replaces: 'no' }],
      },
    ]
    const stacks = fakeStacks({ changes: { [name]: changes } })
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    const terminal = answering()
    await planApp({ ...settings, IMAGE: two }, ports(stacks, terminal))
    assert.match(
      terminal.shown[0]!,
      /ami-00000000000000001 \(1\.4\.2, 9f3c2e1\)\n +-> ami-00000000000000002 \(1\.4\.3, 4d1a90b\)/,
    )
  })

  it('wants an image id the first time, not the name of an image', async () => {
    assert.match((await refusal('web', images)).message, /IMAGE=web is not an image's id/)
    const work = changeApp('update', settings, ports(fakeStacks(), answering()))
    await assert.rejects(work, ({ remedy }: RigletError) =>
      /make create-app ENV=staging REPO=shop BRANCH=main IMAGE=ami-/.test(remedy),
    )
  })

  it('goes alone', async () => {
    const stacks = fakeStacks()
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    assert.equal(await deleteApp(settings, ports(stacks, answering('yes'))), 0)
    assert.deepEqual(stacks.removed, [name])
  })
})
