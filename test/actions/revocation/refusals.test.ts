import assert from 'node:assert/strict'
import { approve } from '../../../scripts/actions/approval/answer-approval.ts'
import { guard } from '../../../scripts/actions/approval/guard.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import { changeApp, planApp } from '../../../scripts/actions/app/app.ts'
import { findPublished } from '../../../scripts/actions/distribution/find-published.ts'
import { planReplicate, replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { promote } from '../../../scripts/actions/distribution/promote.ts'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { rollbackChannel } from '../../../scripts/actions/distribution/rollback-channel.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { revocationTags } from '../../../scripts/core/revocation/revocation.ts'
import { actionRuns } from '../../fakes/pipelines.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { settings as ofApp } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { name as app, one, ports as appPorts, refusal } from '../app/support/app.ts'
import { job, settings as ofApproval, waiting, world as approvalWorld } from '../approval/support/waiting.ts'
import { channelWorld, idIn, regions, settings as ofChannel } from '../distribution/channel-world.ts'
import { candidate, settings as ofImage, threeRegions, world as distributionWorld } from '../distribution/world.ts'

const revoked = (root: string) =>
  revocationTags({ root, at: '2026-02-01T08:00:00Z', by: 'arn:aws:iam::111111111111:user/ada', reason: 'CVE-2026-1' })
const words = /is revoked since 2026-02-01T08:00:00Z, by arn:aws:iam::111111111111:user\/ada: CVE-2026-1/

/** Image, reason and who stand in the message, and the way out below it. */
const refused =
  (wayOut: RegExp) =>
  ({ code, message, remedy }: RigletError): true => {
    assert.equal(code, 'IMAGE')
    assert.match(message, words)
    assert.match(remedy, wayOut)
    assert.match(remedy, /make unrevoke IMAGE_ID=ami-/)
    return true
  }

describe('a revoked image in the pipeline', () => {
  /** ami-2 is what waits. */
  const revoke = ({ region }: ReturnType<typeof approvalWorld>): void => {
    const image = region.held.images.get('ami-2')!
    region.held.images.set('ami-2', { ...image, tags: { ...image.tags, ...revoked('ami-2') } })
  }

  it('is asked about by no packet (B13)', async () => {
    const all = approvalWorld()
    revoke(all)
    await assert.rejects(makePacket(job, all.ports), refused(/push a mended commit/))
  })

  it('that was shown before is not approved, and stopped by the guard if it was (B13)', async () => {
    const all = await waiting()
    revoke(all)
    const DIGEST = all.digest
    await assert.rejects(approve({ ...ofApproval, DIGEST }, all.ports), refused(/make reject REASON=/))
    assert.deepEqual(all.pipelines.answers, [])
    const summary = `digest ${DIGEST.slice(0, 16)}`
    all.pipelines.actionRuns.unshift(...actionRuns({ stage: 'Production', action: 'Approve', approval: true, summary }))
    await assert.rejects(guard({ ...job, DIGEST }, all.ports), refused(/make reject REASON=/))
  })
})

describe('a revoked image and an app', () => {
  const image = imageFacts(one, { tags: { Version: '1.4.2', ...revoked(one) } })

  it('is not rolled out by hand (B13)', async () => {
    refused(/IMAGE=ami-\.\.\., or make push/)(await refusal(one, [image]))
  })

  it('that runs is named when something else is to change, which may have to (B13)', async () => {
    const parameters = {
      ImageId: one,
      Owner: 'acme',
      Project: 'shop',
      Repo: 'shop',
      Branch: 'main',
      ListenerPriority: '7',
    }
    const stacks = fakeStacks({ states: [stackState(app, 'UPDATE_COMPLETE', { parameters })] })
    const terminal = answering('yes')
    await planApp({ ...ofApp, MIN_SIZE: '3' }, appPorts(stacks, terminal, [image]))
    assert.ok(
      terminal.said.some((line) => line.startsWith(app) && words.test(line)),
      terminal.said.join('\n'),
    )
    assert.equal(await changeApp('update', { ...ofApp, MIN_SIZE: '3' }, appPorts(stacks, terminal, [image])), 0)
  })
})

describe('a revoked image and its distribution', () => {
  const tags = { ...candidate.tags, ...revoked(candidate.id) }

  it('is neither replicated nor published, though it is named (B13)', async () => {
    const { ports, places } = distributionWorld(threeRegions, undefined, [{ ...candidate, tags }])
    for (const story of [planReplicate, replicate, publish])
      await assert.rejects(story(ofImage, ports), refused(/Without IMAGE_ID it is the newest candidate/))
    assert.ok(places.calls.every((call) => /^(?:describe|owned) /.test(call)))
  })

  it('stands in the way where it has the name of one that is not (B13)', async () => {
    const { ports, places, screen } = distributionWorld(threeRegions)
    await replicate(ofImage, ports)
    const copy = [...places.held.values()].find(({ facts }) => facts.region === 'eu-west-1')!
    copy.facts = { ...copy.facts, tags: { ...copy.facts.tags, ...revoked('ami-0000beef') } }
    assert.equal(await replicate(ofImage, ports), 1)
    assert.match(screen(), /^ {2}eu-west-1 +refused .* is revoked since .*: CVE-2026-1/m)
    await assert.rejects(publish(ofImage, ports), ({ message }: RigletError) =>
      /eu-west-1: \S+ is revoked/.test(message),
    )
  })
})

describe('a revoked image and channels', () => {
  type World = ReturnType<typeof channelWorld>
  const revokeRelease = ({ places }: World, number: number): void => {
    for (const region of regions) {
      const held = places.held.get(idIn(region, number))!
      held.facts = { ...held.facts, tags: { ...held.facts.tags, ...revoked(held.facts.id) } }
    }
  }
  const promoted = async (...releases: readonly number[]): Promise<World> => {
    const all = channelWorld()
    for (const number of releases) {
      all.checkOut(number)
      assert.equal(await promote(ofChannel, all.ports), 0)
    }
    return all
  }

  it('is not promoted, neither now nor as what a channel names already (B13)', async () => {
    const all = await promoted(1)
    all.checkOut(2)
    revokeRelease(all, 2)
    assert.equal(await promote(ofChannel, all.ports), 1)
    assert.match(
      all.screen(),
      /^ {2}eu-west-1 +refused +ami-20000001 is revoked since .*: CVE-2026-1 \(by mistake: make unrevoke/m,
    )
    assert.deepEqual(all.named(), all.idsOf(1))
  })

  it('is passed over on the way back (B13)', async () => {
    const all = await promoted(1, 2, 3)
    for (const number of [2, 3]) revokeRelease(all, number)
    const back = { ...ofChannel, REASON: 'CVE-2026-1' }
    assert.equal(await rollbackChannel(back, all.ports), 0)
    assert.deepEqual(all.named(), all.idsOf(1))
  })

  it('leaves a channel as it is where all that it named before is revoked, too', async () => {
    const all = await promoted(1, 2)
    for (const number of [1, 2]) revokeRelease(all, number)
    await assert.rejects(rollbackChannel({ ...ofChannel, REASON: 'CVE-2026-1' }, all.ports), {
      message: 'All that is known that stable of web named before what it names now is revoked.',
    })
    assert.deepEqual(all.named(), all.idsOf(2))
  })

  it('is given to no consumer who asks the channel, and who cannot be told is told so (B13, G34)', async () => {
    const all = await promoted(1)
    const ask = { ...ofChannel, REGION: 'eu-west-1' }
    all.places.fail('111111111111 eu-west-1', 'describe', accessDenied('no right to images', new Error('x')))
    await findPublished(ask, all.ports)
    assert.equal(all.screen(), idIn('eu-west-1', 1))
    assert.match(all.terminal.said.at(-1)!, /^Not checked whether ami-10000001 is revoked: no right to images/)
    revokeRelease(all, 1)
    await assert.rejects(
      findPublished(ask, all.ports),
      refused(/make rollback-channel IMAGE=web CHANNEL=stable REASON="\.\.\."/),
    )
  })
})
