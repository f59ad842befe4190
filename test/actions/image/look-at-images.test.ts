import assert from 'node:assert/strict'
import { lookAtGroups } from '../../../scripts/actions/image/look-at-groups.ts'
import { lookAtImages } from '../../../scripts/actions/image/look-at-images.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { TemplateFacts } from '../../../scripts/core/image/launch.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import type { Fleet } from '../../../scripts/core/ports/fleet.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFleet } from '../../fakes/pipelines.ts'
import { fakeRegion, imageFacts, type World } from '../../fakes/regional.ts'
import { stackState } from '../../fakes/stacks.ts'

const id = 'ami-1'
const key = 'arn:aws:kms:eu-central-1:123456789012:key/k'
const encrypted = imageFacts(id, { encrypted: ['snap-1'] })
const denied = (what: string) => () => Promise.reject(accessDenied(`no right to ${what}`, null))

const look = async (world: World, more: Partial<Pick<Ports, 'images' | 'keys'>> = {}): Promise<readonly string[]> => {
  const { images, keys } = fakeRegion(world)
  const looked = await lookAtImages([id], { images: { ...images, ...more.images }, keys: more.keys ?? keys })
  return looked.hindrancesOf(id).map(({ type, why }) => `${type} ${why}`)
}
const ofState = (state: string): World => ({
  images: [encrypted],
  snapshotKeys: { 'snap-1': key },
  keyStates: { [key]: state },
})

describe('whether instances can be launched from an image', () => {
  it('is not in doubt where it is there and can be decrypted', async () => {
    assert.deepEqual(await look(ofState('Enabled')), [])
    assert.deepEqual(await look({ images: [imageFacts(id)] }), [])
  })

  const cases: readonly (readonly [string, World, RegExp])[] = [
    ['deregistered, or not shared any more', {}, /^cannot its image ami-1 was deregistered, or is not shared/],
    ['disabled', { images: [imageFacts(id, { state: 'disabled' })] }, /^cannot its image ami-1 is disabled$/],
    ['under a disabled key', ofState('Disabled'), /^cannot .*ami-1 cannot be decrypted: the key arn:\S+ is disabled$/],
    ['under a key about to be deleted', ofState('PendingDeletion'), /^cannot .* is pending deletion$/],
    ['under a key that is gone', ofState('gone'), /^cannot .* is gone$/],
    ['under a key just being made', ofState('Creating'), /^unchecked .* is just Creating$/],
    ['under a key of another account', { images: [encrypted] }, /^unchecked .* snap-1 is not shown to this account$/],
  ]
  for (const [title, world, words] of cases)
    it(`is told where it is ${title}`, async () => {
      const found = await look(world)
      assert.equal(found.length, 1)
      assert.match(found[0]!, words)
    })

  it('is unchecked where AWS does not let us ask, never fine', async () => {
    const world = ofState('Enabled')
    const { images, keys } = fakeRegion(world)
    const refused: readonly (readonly [string, Partial<Pick<Ports, 'images' | 'keys'>>])[] = [
      ['images', { images: { ...images, describe: denied('images') } }],
      ['snapshots', { images: { ...images, snapshotKeys: denied('snapshots') } }],
      ['keys', { keys: { ...keys, find: denied('keys') } }],
    ]
    for (const [what, more] of refused) {
      const found = await look(world, more)
      assert.equal(found.length, 1, what)
      assert.match(found[0]!, new RegExp(`^unchecked .*no right to ${what}$`))
    }
  })
})

describe('whether groups can replace an instance', () => {
  const app = (name: string, image: string) =>
    stackState(name, 'CREATE_COMPLETE', { parameters: { ImageId: image }, outputs: { GroupName: `group-${name}` } })
  const fleetOf = (template: (id: string) => TemplateFacts): Fleet => ({
    ...fakeFleet(),
    groups: (names) =>
      Promise.resolve(
        names.map((name) => ({ name, desired: 1, launchTemplate: { id: `lt-${name}`, version: '3' }, instances: [] })),
      ),
    template: (asked) => Promise.resolve(template(asked)),
  })

  it('is asked for all of them with one call for groups, images and snapshots each, and one for each key', async () => {
    const calls: string[] = []
    const facts: ImageFacts[] = ['ami-1', 'ami-2'].map((one) => imageFacts(one, { encrypted: [`snap-${one}`] }))
    const region = fakeRegion({ images: facts, snapshotKeys: { 'snap-ami-1': key, 'snap-ami-2': key } })
    const counted = <Port extends object>(port: Port): Port =>
      new Proxy(port, { get: (target, name) => (calls.push(String(name)), Reflect.get(target, name) as unknown) })
    const fleet = fleetOf((asked) => ({ type: 'version', image: asked.endsWith('a') ? 'ami-1' : 'ami-2' }))
    const ports = { fleet: counted(fleet), images: counted(region.images), keys: counted(region.keys) }
    const { groupOf } = await lookAtGroups([app('a', 'ami-1'), app('b', 'ami-2'), app('c', 'ami-2')], ports)
    assert.deepEqual(groupOf('a').hindrances, [])
    assert.deepEqual(calls.toSorted(), [
      'describe',
      'find',
      'groups',
      'snapshotKeys',
      'template',
      'template',
      'template',
    ])
  })

  const gone: readonly (readonly [string, TemplateFacts, RegExp])[] = [
    ['launch template', { type: 'no template' }, /^cannot its launch template lt-group-a was deleted$/],
    [
      'launch template version',
      { type: 'no version' },
      /^cannot version 3 of its launch template lt-group-a was deleted$/,
    ],
    ['image in the launch template', { type: 'version', image: undefined }, /names no image$/],
  ]
  for (const [what, facts, words] of gone)
    it(`is told where there is no ${what}`, async () => {
      const { images, keys } = fakeRegion({ images: [imageFacts('ami-1')] })
      const { groupOf } = await lookAtGroups([app('a', 'ami-1')], { fleet: fleetOf(() => facts), images, keys })
      const found = groupOf('a').hindrances.map(({ type, why }) => `${type} ${why}`)
      assert.equal(found.length, 1)
      assert.match(found[0]!, words)
    })

  it('is unchecked where the launch template may not be read', async () => {
    const { images, keys } = fakeRegion({ images: [imageFacts('ami-1')] })
    const fleet = { ...fleetOf(() => ({ type: 'no version' })), template: denied('templates') }
    const { groupOf } = await lookAtGroups([app('a', 'ami-1')], { fleet, images, keys })
    assert.deepEqual(groupOf('a').hindrances, [
      { type: 'unchecked', why: 'its launch template could not be read: no right to templates' },
    ])
  })
})
