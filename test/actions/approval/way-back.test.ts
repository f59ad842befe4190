import assert from 'node:assert/strict'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { guard } from '../../../scripts/actions/approval/guard.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import { approve } from '../../../scripts/actions/approval/answer-approval.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { awsRefused } from '../../../scripts/core/access/errors.ts'
import { actionRuns } from '../../fakes/pipelines.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { stackState } from '../../fakes/stacks.ts'
import { app, job, settings, waiting, world } from './support/waiting.ts'

type World = ReturnType<typeof world>
const screen = ({ terminal }: World): string => terminal.shown.join('\n').replaceAll(/\n {14}/g, '\n')
const revoked = { Revoked: '2026-01-31T12:00:00Z of ami-1 by arn:aws:iam::1:user/ann', RevokedReason: 'a hole' }
const put = ({ region }: World, more: Parameters<typeof imageFacts>[1]) =>
  void region.held.images.set('ami-1', imageFacts('ami-1', more))

describe('the way back, before production is approved', () => {
  it('is rehearsed: all of it is looked at, a launch is tried, and the image is protected (B09)', async () => {
    const all = world()
    await makePacket(job, all.ports)
    assert.match(
      screen(all),
      new RegExp(
        [
          '^  way back    to ami-1',
          'proved: is there: it is available',
          'proved: may be used here: it is this account’s own',
          'proved: is not revoked: no tag says so',
          'proved: can be decrypted: it is not encrypted',
          'proved: would launch: EC2 says so of type, groups and subnet',
          'proved: is protected from deregistration: it is now$',
        ].join('\n'),
        'm',
      ),
    )
    assert.doesNotMatch(screen(all), /WAY BACK/)
    assert.deepEqual(all.tried, [{ launchTemplate: { id: 'lt-1', version: '2' }, image: 'ami-1', subnet: 'subnet-1' }])
    assert.deepEqual(all.kept, ['ami-1'])
  })

  for (const [what, move, words] of [
    [
      'was deregistered',
      ({ region }) => void region.held.images.delete('ami-1'),
      /is there: its image ami-1 was dereg/,
    ],
    ['was disabled', (all) => put(all, { state: 'disabled' }), /is there: its image ami-1 is disabled/],
    ['was revoked', (all) => put(all, { tags: revoked }), /is not revoked: ami-1 is revoked .*a hole/],
    [
      'has a key that is disabled',
      (all) => {
        put(all, { encrypted: ['snap-2'] })
        all.keyStates['arn:key'] = 'Disabled'
      },
      /can be decrypted: its image ami-1 cannot be decrypted: the key arn:key is disabled/,
    ],
    [
      'would not launch',
      ({ launch }) => void (launch.now = { type: 'would not', why: 'Invalid IAM Instance Profile name' }),
      /would launch: Invalid IAM Instance Profile name/,
    ],
    [
      'has lost the version of its launch template',
      ({ template }) => void (template.now = { type: 'no version' }),
      /would launch: version 2 of its launch template lt-1 was deleted/,
    ],
  ] as readonly (readonly [string, (all: World) => void, RegExp])[])
    it(`is shown first, and plainly, where the image ${what}; it is asked about all the same (B09)`, async () => {
      const all = world()
      // The new image is encrypted, too: its own key is another one.
      all.region.held.images.set('ami-2', imageFacts('ami-2', { tags: { Version: '2.0.0', Commit: '9f3c2e1aa' } }))
      move(all)
      await makePacket(job, all.ports)
      const [, , first] = screen(all).split('\n')
      assert.match(first!, /^ {2}WAY BACK +FAILS: /)
      assert.match(screen(all).replaceAll('\n', ' '), words)
      assert.match(screen(all), /^FAILS: /m)
      assert.match(await all.ports.files.read('out/exports.env'), /CHANGES='yes'[^]*SUMMARY='.*, WAY BACK FAILS'/)
    })

  it('is said not to be known where the job may not ask, and there is none before the first deployment', async () => {
    const all = world()
    const refuse = () => Promise.reject(accessDenied('no right to launch', null))
    const fails = () => Promise.reject(awsRefused('ServerInternal', 'not now', null))
    const fleet = { ...all.ports.fleet, tryLaunch: refuse }
    await makePacket(job, { ...all.ports, fleet, publishing: { ...all.ports.publishing, protect: fails } })
    assert.match(screen(all), /^not checked: would launch: no right to launch$/m)
    assert.match(screen(all), /^FAILS: is protected from deregistration: it could not be\nprotected: .*not now/m)
    const first = world()
    const stacks = { ...first.ports.stacks, find: () => Promise.resolve(stackState(app, 'REVIEW_IN_PROGRESS')) }
    await makePacket(job, { ...first.ports, stacks })
    assert.match(screen(first), /^ {2}way back +none: this is the first deployment$/m)
  })

  it('keeps everybody from being asked by setting, unless the image is only revoked (B09)', async () => {
    const strict = { ...job, REQUIRE_WAY_BACK: 'yes' }
    await makePacket(strict, world().ports)
    const all = world()
    all.launch.now = { type: 'would not', why: 'no such subnet' }
    await assert.rejects(makePacket(strict, all.ports), (error: RigletError) => {
      assert.match(error.message, /way back to ami-1, which .* runs, is not proved[^]*- would launch: no such subnet/)
      assert.match(error.remedy, /REQUIRE_WAY_BACK=no make update-pipeline/)
      return true
    })
    assert.equal(all.buckets.objects.size, 0)
    const fleet = { ...all.ports.fleet, tryLaunch: () => Promise.reject(accessDenied('no right', null)) }
    await assert.rejects(makePacket(strict, { ...all.ports, fleet }), /would launch: not checked: no right/)
    const mending = world()
    put(mending, { tags: revoked })
    await makePacket(strict, mending.ports)
  })
})

describe('the way back, once it was shown', () => {
  const answered = async () => {
    const all = await waiting()
    const summary = `digest ${all.digest.slice(0, 16)}`
    all.pipelines.actionRuns.unshift(...actionRuns({ stage: 'Production', action: 'Approve', approval: true, summary }))
    return { ...all, digest: all.digest }
  }

  it('is part of what is approved: another outcome has another digest (B09)', async () => {
    const [one, other] = [world(), world()]
    other.launch.now = { type: 'would not', why: 'no such subnet' }
    const digests = await Promise.all(
      [one, other].map(async ({ ports }) => {
        await makePacket(job, ports)
        return /DIGEST='(\w+)'/.exec(await ports.files.read('out/exports.env'))![1]
      }),
    )
    assert.notEqual(digests[0], digests[1])
  })

  it('is looked at once more by who approves and by the guard, who need no right to launch (B09)', async () => {
    for (const answer of ['approve', 'guard'] as const) {
      const all = await answered()
      const refuse = () => Promise.reject(accessDenied('no right to launch', null))
      const ports = { ...all.ports, fleet: { ...all.ports.fleet, tryLaunch: refuse } }
      const run = () =>
        answer === 'guard'
          ? guard({ ...job, DIGEST: all.digest }, ports)
          : approve({ ...settings, DIGEST: all.digest }, ports)
      put(all, { tags: { Version: '1.0.0', Commit: '9f3c2e1aa', Inputs: 'abcd', ...revoked } })
      await assert.rejects(run(), /the way back to ami-1 is lost since it was shown: is not revoked: ami-1 is revoked/)
      put(all, { tags: { Version: '1.0.0', Commit: '9f3c2e1aa', Inputs: 'abcd' } })
      await run()
    }
  })
})
