import assert from 'node:assert/strict'
import { planRevoke, revoke } from '../../../scripts/actions/revocation/revoke.ts'
import { unrevoke } from '../../../scripts/actions/revocation/unrevoke.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import {
  base,
  candidate,
  copy,
  customer,
  derived,
  earlier,
  here,
  hub,
  pipeline,
  settings,
  standing,
  world,
} from './world.ts'

const denied = (what: string) => accessDenied(`no right to ${what}`, new Error('x'))
const mark = `2026-02-01T08:00:00Z of ${candidate} by arn:aws:iam::123456789012:user/ada`

describe('plan-revoke', () => {
  it('finds copies in other accounts, and what was made of an image that is gone (B13)', async () => {
    const { ports, screen, places } = world()
    assert.equal(await planRevoke(settings, ports), 0)
    assert.match(screen(), new RegExp(`^ {2}~ us-east-1 +${candidate} \\(1\\.4\\.2, c0ffee1\\) +mark as revoked$`, 'm'))
    assert.match(screen(), new RegExp(`^ {2}~ 222222222222 eu-west-1 ${copy} .*; withdraw from ${customer}$`, 'm'))
    assert.match(screen(), new RegExp(`^ {2}~ us-east-1 +${derived} .*; withdraw from everybody$`, 'm'))
    assert.doesNotMatch(screen(), new RegExp(`${earlier}|${base}`))
    assert.equal(places.calls.filter((call) => /^(?:tag|withdraw)/.test(call)).length, 0)
  })

  it('names who runs them, with the command that moves each, and the channels (B13)', async () => {
    const { ports, screen, places, clock } = world()
    await places
      .at({ region: 'us-east-1' })
      .parameters.putImage('/acme/shop/channel/stable/web/x86_64', candidate, '', {})
    await clock.sleep(10_000)
    places.fleets.launch(here, 'i-alone', derived)
    places.fleets.run(hub, 'following', copy, 1, 'acme-shop-staging-group-web')
    places.fleets.launch(here, 'i-builder', candidate, { Builder: 'bake' })
    await planRevoke(settings, ports)
    const told = screen().replaceAll(/\s+/g, ' ')
    assert.match(
      told,
      /group shop-group in us-east-1: ami-00000001, 2 instances make rollback-app ENV=production REPO=shop BRANCH=main REASON="\.\.\."/,
    )
    assert.match(
      told,
      /group tills in 222222222222 eu-west-1: ami-00000002, 1 instance give its launch template another image, then: aws autoscaling/,
    )
    assert.match(
      told,
      /group following in 222222222222 eu-west-1: .* let the ref that groups.yaml names have another image, then: make follow ENV=staging/,
    )
    assert.match(
      told,
      /instance i-alone in us-east-1: ami-00000003, 1 instance launch another one, then: aws ec2 terminate-instances/,
    )
    assert.match(
      told,
      /stable of web in us-east-1 \(x86_64\): ami-00000001 make rollback-channel IMAGE=web CHANNEL=stable REASON="\.\.\."/,
    )
    assert.match(
      told,
      /What runs there is not looked at, for no role lets us in: anybody who used it while it was public, customer \(333333333333\)/,
    )
    assert.doesNotMatch(told, /others|i-builder/)
    assert.ok(
      told.includes(
        `> ${pipeline} its newest image is ${candidate}; acme-shop-production-app-shop-main runs what is revoked`,
      ),
      told,
    )
  })

  it('asks each place once for its images, and nothing for any one of those that it is not about', async () => {
    const { ports, places } = world()
    await planRevoke(settings, ports)
    assert.deepEqual(
      [here, hub].map((place) => places.calls.filter((call) => call === `owned ${place}`).length),
      [1, 1],
    )
    assert.equal(places.count('sharedWith'), 3)
    assert.equal(places.count('describe'), 1)
    // The image that is gone, and the base that is.
    assert.equal(places.count('ancestry'), 2)
  })

  it('is told as data, too', async () => {
    const { ports, screen } = world()
    await planRevoke({ ...settings, JSON: '1' } as typeof settings, ports)
    const { root, images, rebuilds } = JSON.parse(screen()) as {
      root: string
      images: { id: string }[]
      rebuilds: unknown[]
    }
    assert.deepEqual([root, images.map(({ id }) => id).sort()], [candidate, [candidate, copy, derived]])
    assert.equal(rebuilds.length, 1)
  })
})

describe('revoke', () => {
  it('marks all of them with reason, who and when, withdraws them, and starts the pipeline (B13)', async () => {
    const { ports, terminal, places, factsOf, pipelines } = world()
    assert.equal(await revoke(settings, ports), 0)
    for (const id of [candidate, copy, derived])
      assert.deepEqual([factsOf(id).tags['Revoked'], factsOf(id).tags['RevokedReason']], [mark, 'CVE-2026-1'])
    assert.deepEqual([places.held.get(copy)!.shared, factsOf(derived).public], [[], false])
    assert.deepEqual([factsOf(copy).tags['RevokedSharing'], factsOf(derived).tags['RevokedSharing']], [customer, 'all'])
    assert.equal(factsOf(earlier).tags['Revoked'], undefined)
    assert.deepEqual(terminal.asked, [`Revoke ${candidate}?`, `Start ${pipeline}, to bake and ship anew?`])
    assert.deepEqual(
      pipelines.started.map(({ name }) => name),
      [pipeline],
    )
  })

  it('of a copy means the image that it is of', async () => {
    const [one, other] = [world(), world()]
    assert.equal(await revoke({ ...settings, IMAGE_ID: copy }, one.ports), 0)
    await revoke(settings, other.ports)
    assert.deepEqual(standing(one), standing(other))
  })

  it('of a base marks all that was baked on it, and bakes nothing on it again', async () => {
    const { ports, factsOf, pipelines, terminal } = world()
    const { parameters } = ports
    const still = { ...ports, parameters: { ...parameters, get: () => Promise.resolve(base) } }
    assert.equal(await revoke({ ...settings, IMAGE_ID: base }, still), 0)
    for (const id of [base, candidate, copy, derived])
      assert.match(factsOf(id).tags['Revoked'] ?? '', new RegExp(`of ${base} by`))
    assert.deepEqual(pipelines.started, [])
    assert.match(
      terminal.shown[0]!.replaceAll(/\s+/g, ' '),
      /not started: \S+ still names ami-ba5e0001: run this again once it names another image/,
    )
    assert.equal(await revoke({ ...settings, IMAGE_ID: base }, ports), 0)
    assert.deepEqual(
      pipelines.started.map(({ name }) => name),
      [pipeline],
    )
  })

  it('changes nothing the second time, and starts no pipeline that ran since', async () => {
    const all = world()
    await revoke(settings, all.ports)
    const before = structuredClone(standing(all))
    await all.clock.sleep(3_600_000)
    assert.equal(all.pipelines.history.length, 1)
    assert.equal(await revoke({ ...settings, REASON: 'another reason' }, all.ports), 0)
    assert.deepEqual(standing(all), before)
    assert.equal(all.screen(), `${candidate}: nothing to mark or to withdraw`)
    assert.match(all.terminal.shown.at(-2)!, /not started: it ran since: e1 is InProgress/)
  })

  it('covers with the same words what was copied since', async () => {
    const { ports, places, factsOf } = world()
    await revoke(settings, ports)
    const late = { ...factsOf(copy), id: 'ami-00000007', region: 'eu-west-1', tags: { CandidateImageId: candidate } }
    places.held.set(late.id, { facts: late, shared: [], theirs: new Map(), asked: 0, token: '' })
    assert.equal(await revoke({ ...settings, REASON: 'again' }, ports), 0)
    assert.deepEqual([factsOf(late.id).tags['Revoked'], factsOf(late.id).tags['RevokedReason']], [mark, 'CVE-2026-1'])
  })

  it('says where a place does not answer, and revokes in the others (B13)', async () => {
    const { ports, places, factsOf, terminal } = world()
    places.fail(hub, 'owned', denied('look'))
    assert.equal(await revoke(settings, ports), 1)
    assert.match(terminal.shown[0]!, /^Not checked:\n {2}222222222222 eu-west-1: no right to look/m)
    assert.match(factsOf(candidate).tags['Revoked'] ?? '', /of ami-00000001/)
    assert.equal(factsOf(copy).tags['Revoked'], undefined)
  })

  it('starts nothing while an image is not marked, which a bake would find again', async () => {
    const { ports, places, pipelines, screen } = world()
    places.fail(here, 'tag', denied('tag'))
    assert.equal(await revoke(settings, ports), 1)
    assert.match(screen(), /^ {2}us-east-1 +failed +ami-0000000[13] {2}no right to tag/m)
    assert.deepEqual(pipelines.started, [])
  })

  it('changes nothing when the answer is no', async () => {
    const all = world(['no'])
    const before = structuredClone(standing(all))
    assert.equal(await revoke(settings, all.ports), 0)
    assert.deepEqual(standing(all), before)
  })

  it('refuses what it finds nowhere, and a reason that no tag holds', async () => {
    await assert.rejects(
      revoke({ ...settings, IMAGE_ID: 'ami-0000dead' }, world().ports),
      /There is no image ami-0000dead/,
    )
    await assert.rejects(
      revoke({ ...settings, REASON: 'x'.repeat(257) }, world().ports),
      /holds 256 characters; it has 257/,
    )
  })
})

describe('unrevoke', () => {
  it('takes exactly that back: marks go, and each is shared with whom it was', async () => {
    const all = world()
    const before = structuredClone(standing(all).images)
    await revoke(settings, all.ports)
    assert.equal(await unrevoke(settings, all.ports), 0)
    assert.deepEqual(standing(all).images, before)
    assert.equal(await unrevoke(settings, all.ports), 0)
    assert.equal(all.screen(), `${candidate}: it is not revoked`)
  })

  it('leaves revoked what is so because of an ancestor, whichever was revoked first', async () => {
    for (const order of [
      [base, candidate],
      [candidate, base],
    ]) {
      const { ports, factsOf } = world()
      for (const IMAGE_ID of order) await revoke({ ...settings, IMAGE_ID }, ports)
      assert.match(factsOf(copy).tags['Revoked'] ?? '', new RegExp(`of ${candidate} by`), order.join())
      assert.equal(await unrevoke(settings, ports), 0)
      assert.match(factsOf(copy).tags['Revoked'] ?? '', new RegExp(`of ${base} by`), order.join())
      assert.equal(await unrevoke({ ...settings, IMAGE_ID: base }, ports), 0)
      assert.equal(factsOf(copy).tags['Revoked'], undefined)
    }
  })

  it('of what is revoked because of another image names that one', async () => {
    const { ports } = world()
    await revoke(settings, ports)
    await assert.rejects(
      unrevoke({ ...settings, IMAGE_ID: derived }, ports),
      (error: { message: string; remedy: string }) => {
        assert.match(error.message, /ami-00000003 is revoked because of ami-00000001/)
        assert.match(error.remedy, /make unrevoke IMAGE_ID=ami-00000001$/)
        return true
      },
    )
  })
})
