import assert from 'node:assert/strict'
import { imageStatus } from '../../../scripts/actions/lineage/image-status.ts'
import { revoke } from '../../../scripts/actions/revocation/revoke.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { imageFacts } from '../../fakes/regional.ts'
import {
  base,
  candidate,
  copy,
  derived,
  earlier,
  here,
  hub,
  settings as ofRevocation,
  world,
} from '../revocation/world.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' }
const noCredentials = new RigletError('NO_CREDENTIALS', 'No credentials were found.')
const denied = accessDenied('no right to look', new Error('x'))

type Data = {
  readonly images: readonly {
    readonly id: string
    readonly commit: string
    readonly base: string
    readonly copies: readonly { readonly id: string; readonly account: string | null }[]
    readonly derived: readonly { readonly id: string }[]
    readonly uses: readonly {
      readonly name: string
      readonly account: string | null
      readonly instances: readonly string[]
    }[]
  }[]
  readonly ages: readonly {
    readonly where: string
    readonly passed: boolean
    readonly worst: { readonly days: number } | null
  }[]
}

const dataOf = async (all: ReturnType<typeof world>, more: object = {}): Promise<Data> => {
  await imageStatus({ ...settings, JSON: '1', ...more }, all.ports)
  return JSON.parse(all.screen()) as Data
}

describe('image-status', () => {
  it('tells the way from the commit to copies, to what was made of them, and to groups and instances (A17)', async () => {
    const all = world()
    assert.equal(await imageStatus(settings, all.ports), 0, all.screen())
    const told = all.screen().replaceAll(/ +/g, ' ')
    assert.match(
      told,
      new RegExp(`^web ${candidate} \\(1\\.4\\.2, c0ffee1, x86_64\\)\n made 2026-01-31, 0 days ago, on ${base}$`, 'm'),
    )
    for (const line of [
      `us-east-1 ${candidate} candidate`,
      `222222222222 eu-west-1 ${copy} copy`,
      `us-east-1 ${derived} made of it`,
      `us-east-1 ${candidate} production shop-group, 2 instances`,
      `222222222222 eu-west-1 ${copy} group tills, 1 instance`,
    ])
      assert.ok(told.split('\n').includes(` ${line}`), `${line}\n${told}`)
  })

  it('writes ages down as metrics where a job asks for it, of environments alone, and by hand none (B14)', async () => {
    const all = world()
    await imageStatus(settings, all.ports)
    assert.deepEqual(all.places.measured, [])
    await imageStatus({ ...settings, METRIC_NAMESPACE: 'acme-shop' }, all.ports)
    assert.deepEqual(all.places.measured, [
      { namespace: 'acme-shop', name: 'ImageAge', environment: 'production', value: 0 },
    ])
  })

  it('tells the commit of what runs in another account, where the candidate is gone, by the copy alone (A17)', async () => {
    const all = world()
    all.places.held.delete(candidate)
    const { images } = await dataOf(all, { IMAGE: copy })
    assert.deepEqual(
      images.map(({ id, commit, uses }) => [id, commit, uses.map(({ name, account }) => [name, account])]),
      [[candidate, 'c0ffee1', [['tills', '222222222222']]]],
    )
  })

  it('says the worst age of each environment against its objective, and ends with 1 where one is passed', async () => {
    const all = world()
    await all.clock.sleep(40 * 86_400_000)
    assert.equal(await imageStatus(settings, all.ports), 0)
    assert.match(
      all.screen(),
      new RegExp(`^ {2}production: ${candidate} of shop-group is 40 days old; objective 90 days$`, 'm'),
    )
    all.files.content.set('environments.yaml', 'environments:\n  production: { imageAge: 30 }\n')
    assert.equal(await imageStatus(settings, all.ports), 1)
    assert.match(all.screen(), /^! production: .* is 40 days old; objective 30 days, PASSED$/m)
    all.files.content.set('environments.yaml', 'environments:\n  production: { imageAge: null }\n')
    assert.equal(await imageStatus(settings, all.ports), 0)
    assert.match(all.screen(), /^ {2}production: .*; no objective$/m)
  })

  it('takes a copy for as old as its candidate, and holds what runs elsewhere to the usual objective', async () => {
    const all = world()
    const held = all.places.held.get(copy)!
    held.facts = { ...held.facts, created: '2026-04-30T00:00:00Z' }
    await all.clock.sleep(91 * 86_400_000)
    const { ages } = await dataOf(all)
    assert.deepEqual(
      ages.map(({ where, passed, worst }) => [where, passed, worst?.days]),
      [
        ['production', true, 91],
        // An older image runs in a group that is no app's.
        ['us-east-1', true, 122],
        ['222222222222 eu-west-1', true, 91],
      ],
    )
  })

  it('says that an image is revoked, and why', async () => {
    const all = world()
    await revoke(ofRevocation, all.ports)
    await imageStatus(settings, all.ports)
    assert.match(all.screen(), /^ {2}REVOKED since 2026-02-01T08:00:00Z, by/m)
  })

  it('leaves older images out that nothing uses, which JSON has, and another use case where one is named', async () => {
    const all = world()
    const old = { ...all.factsOf(earlier), id: 'ami-00000008', created: '2025-12-01T00:00:00Z' }
    const other = imageFacts('ami-00000077', {
      ...all.factsOf(earlier),
      id: 'ami-00000077',
      tags: { ...all.factsOf(earlier).tags, Image: 'job' },
    })
    for (const facts of [old, other])
      all.places.held.set(facts.id, { facts, shared: [], theirs: new Map(), asked: 0, token: '' })
    await imageStatus(settings, all.ports)
    assert.match(all.screen(), /^and 1 older image that nothing uses; all of them: JSON=1$/m)
    assert.doesNotMatch(all.screen(), /ami-00000008/)
    const { images } = await dataOf(all, { IMAGE: 'web' })
    assert.deepEqual(
      images.map(({ id }) => id),
      [candidate, earlier, old.id],
    )
    await assert.rejects(imageStatus({ ...settings, IMAGE: 'till' }, all.ports), ({ message, remedy }: RigletError) => {
      assert.equal(message, 'This riglet has no image till, and none that was made of one of its images.')
      return remedy === 'It has images of: job, web'
    })
  })

  it('asks each place once for images, groups and channels, and nothing for any single image', async () => {
    const all = world()
    await imageStatus(settings, all.ports)
    for (const operation of ['owned', 'allGroups', 'instancesOf', 'values'])
      assert.deepEqual(
        [here, hub].map((place) => all.places.calls.filter((call) => call === `${operation} ${place}`).length),
        [1, 1],
        operation,
      )
    assert.equal(all.places.count('sharedWith'), 0)
  })

  it('asks nothing of EC2 about candidates that are gone, however many, where their copies tell the base (A17)', async () => {
    const all = world()
    const ancestries = async (): Promise<number> => {
      const before = all.places.count('ancestry')
      await imageStatus(settings, all.ports)
      return all.places.count('ancestry') - before
    }
    const before = await ancestries()
    for (let number = 10; number < 40; number += 1) {
      const [id, gone] = [`ami-000000${number}`, `ami-0000ff${number}`]
      const tags = { ...all.factsOf(copy).tags, CandidateImageId: gone, SourceImageId: base }
      const facts = { ...all.factsOf(copy), id, tags, source: { id: gone, region: 'us-east-1' } }
      all.places.held.set(id, { facts, shared: [], theirs: new Map(), asked: 0, token: '' })
    }
    assert.equal(await ancestries(), before)
    const { images } = await dataOf(all)
    assert.equal(images.filter((one) => one.base === base).length, 31)
    assert.equal(all.places.count('describe'), 3)
  })

  for (const [operation, what] of [
    ['owned', '222222222222 eu-west-1'],
    ['allGroups', 'groups in 222222222222 eu-west-1'],
    ['instancesOf', 'instances in 222222222222 eu-west-1'],
    ['template', 'what the group tills in 222222222222 eu-west-1 launches'],
    ['values', 'channels in 222222222222 eu-west-1'],
  ] as const)
    it(`says so where a place does not answer ${operation}, and ends with 1`, async () => {
      const all = world()
      all.places.fail(hub, operation, denied)
      assert.equal(await imageStatus(settings, all.ports), 1)
      assert.match(all.screen(), new RegExp(`^Not checked:\n {2}${what}: no right to look`, 'm'))
      assert.match(all.screen(), /production shop-group/)
    })

  it('names a group by its instances where groups may not be listed, and by its template where instances may not', async () => {
    for (const [operation, count] of [
      ['allGroups', '1 instance'],
      ['instancesOf', '0 instances'],
    ] as const) {
      const all = world()
      all.places.fail(hub, operation, denied)
      await imageStatus(settings, all.ports)
      assert.match(all.screen(), new RegExp(`^ {2}222222222222 eu-west-1 +${copy} +group tills, ${count}$`, 'm'))
    }
  })

  it('asks nothing of any place where nobody knows who we are', async () => {
    const all = world()
    const account = { ...all.ports.account, id: () => Promise.reject(noCredentials) }
    await assert.rejects(imageStatus(settings, { ...all.ports, account }), noCredentials)
    assert.deepEqual(all.places.calls, [])
  })

  it('says of an image that runs and is gone that nobody knows its age', async () => {
    const all = world()
    for (const id of [candidate, copy, derived]) all.places.held.delete(id)
    assert.equal(await imageStatus(settings, all.ports), 1)
    assert.match(all.screen(), new RegExp(`the age of ${candidate}, which runs in production: it is gone`))
  })
})
