import assert from 'node:assert/strict'
import { approve, reject, showApproval } from '../../../scripts/actions/approval/answer-approval.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import type { Packet } from '../../../scripts/core/approval/packet.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import {
  settings,
  job,
  app,
  waits,
  ofAnother,
  waiting,
  unlaunchable,
  freeze,
  overFreeze,
  freezePlace,
} from './support/waiting.ts'

describe('approving', () => {
  for (const [what, move, words] of [
    ...unlaunchable,
    [
      'the new image is disabled',
      ({ region }) => void region.held.images.set('ami-2', { ...region.held.images.get('ami-2')!, state: 'disabled' }),
      /the new image ami-2 is disabled now/,
    ],
    ['the new image is gone', ({ region }) => void region.held.images.delete('ami-2'), /ami-2 does not exist any more/],
  ] as typeof unlaunchable)
    it(`answers nothing when ${what}`, async () => {
      const all = await waiting()
      move(all)
      await assert.rejects(approve({ ...settings, DIGEST: all.digest.slice(0, 16) }, all.ports), words)
      assert.deepEqual(all.pipelines.answers, [])
    })

  it('answers the pipeline when the digest names what was shown (B04)', async () => {
    const { ports, pipelines, digest } = await waiting()
    await showApproval(settings, ports)
    await approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports)
    assert.deepEqual(pipelines.answers, [{ approved: true, summary: `digest ${digest.slice(0, 16)}` }])
  })

  it('answers nothing for another digest (B04)', async () => {
    const { ports, pipelines } = await waiting()
    await assert.rejects(approve({ ...settings, DIGEST: '0123456789abcdef' }, ports), /does not name what waits/)
    assert.deepEqual(pipelines.answers, [])
  })

  it('answers nothing when the template in force moved, and names it (B04)', async () => {
    const { ports, pipelines, digest, templates } = await waiting()
    templates[app] = 'changed by hand'
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /template in force in \S+ has changed/,
    )
    assert.deepEqual(pipelines.answers, [])
  })

  it('answers nothing when the packet is no packet any more, and says where', async () => {
    const { ports, pipelines, digest, buckets } = await waiting()
    for (const key of buckets.objects.keys()) buckets.objects.set(key, '{\n  "decisive": \n')
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /changed after the pipeline wrote it\.\n\S+\.json:3:1: it is not JSON/,
    )
    for (const key of buckets.objects.keys()) buckets.objects.set(key, 'null')
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /must be an object with decisive/,
    )
    assert.deepEqual(pipelines.answers, [])
  })

  it('answers nothing when the packet was tampered with (B04)', async () => {
    const { ports, pipelines, digest, buckets } = await waiting()
    for (const [key, text] of buckets.objects) buckets.objects.set(key, text.replaceAll('ami-2', 'ami-9'))
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /changed after the pipeline wrote it/,
    )
    assert.deepEqual(pipelines.answers, [])
  })

  it('answers nothing to a packet of another version’s form, and says which would', async () => {
    const { ports, pipelines, digest, buckets } = await waiting()
    for (const [key, text] of buckets.objects) buckets.objects.set(key, text.replace(/"format": ?3/, '"format": 1'))
    await assert.rejects(approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports), (error: RigletError) => {
      assert.match(error.message, /written by another version of riglet: its form is 1, not 3/)
      assert.match(error.remedy, /the version that `make status` tells/)
      return true
    })
    assert.deepEqual(pipelines.answers, [])
  })

  it('says so when nothing waits', async () => {
    const { ports, pipelines } = await waiting()
    pipelines.states = [{ ...waits, stages: [] }]
    await assert.rejects(approve({ ...settings, DIGEST: '0123456789abcdef' }, ports), /nothing waits for an approval/)
  })

  it('rejects with the reason that was given (R46)', async () => {
    const { ports, pipelines } = await waiting()
    await reject({ ...settings, REASON: 'too late on a Friday' }, ports)
    assert.deepEqual(pipelines.answers, [{ approved: false, summary: 'too late on a Friday' }])
  })

  it('rejects also where the packet cannot be read any more, as its message says', async () => {
    const { ports, pipelines, buckets } = await waiting()
    for (const key of buckets.objects.keys()) buckets.objects.set(key, '{')
    await reject({ ...settings, REASON: 'damaged' }, ports)
    assert.deepEqual(pipelines.answers, [{ approved: false, summary: 'damaged' }])
  })
})

describe('approving in a pipeline that is another branch’s', () => {
  it('is refused, and so is rejecting', async () => {
    const { ports, digest, pipelines, region } = await waiting()
    region.stacks.states.set(waits.name, ofAnother(waits.name))
    const refused = ({ code }: RigletError): boolean => code === 'STACK_TAKEN'
    await assert.rejects(approve({ ...settings, DIGEST: digest }, ports), refused)
    await assert.rejects(reject({ ...settings, REASON: 'no' }, ports), refused)
    assert.deepEqual(pipelines.answers, [])
  })
})

describe('approving in a freeze', () => {
  it('is refused, and tells until when and why; it goes on waiting', async () => {
    const { ports, pipelines, digest, region } = await waiting()
    region.held.parameters.set(freezePlace, freeze())
    await assert.rejects(approve({ ...settings, DIGEST: digest }, ports), (error: RigletError) => {
      assert.equal(error.message, 'production is frozen until 2026-01-31T13:00Z: Christmas trade (by eve).')
      assert.match(
        error.remedy,
        /^Nothing was approved, and it goes on waiting\. .*make thaw ENV=production.*approve it\.$/,
      )
      return true
    })
    assert.deepEqual(pipelines.answers, [])
  })

  it('is taken once the freeze has run out, although nobody thawed it', async () => {
    const { ports, pipelines, digest, region } = await waiting()
    region.held.parameters.set(freezePlace, overFreeze)
    await approve({ ...settings, DIGEST: digest }, ports)
    assert.equal(pipelines.answers.length, 1)
  })

  it('is refused, too, while nobody can read whether it is over', async () => {
    const { ports, pipelines, digest, region } = await waiting()
    region.held.parameters.set(freezePlace, 'until Christmas')
    await assert.rejects(approve({ ...settings, DIGEST: digest }, ports), /cannot be read, so it is taken for one/)
    const parameters = { ...ports.parameters, get: () => Promise.reject(accessDenied('no right to the freeze', null)) }
    await assert.rejects(approve({ ...settings, DIGEST: digest }, { ...ports, parameters }), /no right to the freeze/)
    assert.deepEqual(pipelines.answers, [])
  })

  it('is shown as refused before anybody tries: as it is now, not as it was when the packet was written', async () => {
    const { ports, terminal, region, digest } = await waiting()
    region.held.parameters.set(freezePlace, freeze())
    await showApproval(settings, ports)
    assert.match(terminal.shown.at(-1)!, /^ {2}FROZEN +until 2026-01-31T13:00Z: Christmas trade$/m)
    assert.match(terminal.said.join('\n'), /production is FROZEN until .*Nothing can be approved before/)
    await makePacket(job, ports)
    assert.match(terminal.shown.at(-1)!, /FROZEN/)
    assert.match(
      await ports.files.read('out/exports.env'),
      /SUMMARY='[0-9a-f]{16}: .*, FROZEN until 2026-01-31T13:00Z'/,
    )
    region.held.parameters.delete(freezePlace)
    await showApproval({ ...settings, JSON: '1' }, ports)
    const shown = JSON.parse(terminal.shown.at(-1)!) as { digest: string; packet: Packet }
    assert.deepEqual([shown.packet.frozen, shown.digest], ['', digest])
  })
})
