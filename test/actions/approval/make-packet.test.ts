import assert from 'node:assert/strict'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { stackState } from '../../fakes/stacks.ts'
import { job, app, set, waits, world, waiting, unlaunchable } from './support/waiting.ts'

describe('the approval packet', () => {
  it('shows both images, tests, instances and changes, and names them by a digest (B04)', async () => {
    const { terminal, digest, buckets, exports } = await waiting()
    const text = terminal.shown.join('\n')
    for (const part of [
      'ami-1  version 1.0.0',
      'ami-2  version 2.0.0',
      '20 passed, 0 failed',
      'i-1, i-2',
      'LaunchTemplate',
      digest.slice(0, 16),
    ])
      assert.ok(text.includes(part), part)
    assert.match(exports, /CHANGES='yes'/)
    assert.ok(buckets.objects.has(`bucket/packets/e1/${digest}.json`))
  })

  it('is not written where the template would take another image than the pipeline baked (B05)', async () => {
    const { ports, sets } = world()
    const [change] = sets[set]!.changes
    const properties = [
      { path: 'LaunchTemplateData.ImageId', before: 'ami-1', after: 'ami-9', replaces: 'no' as const },
    ]
    sets[set] = { ...sets[set]!, changes: [{ ...change!, properties }] }
    await assert.rejects(makePacket(job, ports), {
      code: 'IMAGE',
      message:
        /would run another image than ami-2[^]*LaunchTemplate.LaunchTemplateData.ImageId would go from ami-1 to ami-9/,
    })
  })

  it('says that production was taken back, by whom and why, and that this puts the image back (B23)', async () => {
    const kept = {
      ...{ stackId: stackState(app).id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1aa' },
      ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
    }
    const told = async (text: string, more: object = {}) => {
      const { ports, terminal, region } = world()
      region.held.parameters.set('/acme/shop/rollback/production/web-main', text)
      await makePacket({ ...job, ...more }, ports)
      return {
        text: terminal.shown.join('\n').replaceAll(/\n {14}/g, ' '),
        exports: await ports.files.read('out/exports.env'),
      }
    }
    // The stage Plan shows it, too, before anybody is asked.
    for (const more of [{}, { PLANNING: '1' }]) {
      const { text, exports } = await told(JSON.stringify(kept), more)
      assert.match(
        text,
        /TAKEN BACK {2}from ami-2 \(2\.0\.0, 9f3c2e1\) by ann, .* prices are wrong\. This puts ami-2 back\./,
      )
      assert.match(exports, /SUMMARY='.*, ENDS A ROLL-BACK'/)
    }
    const over = await told(JSON.stringify({ ...kept, image: 'ami-0' }))
    assert.doesNotMatch(over.text + over.exports, /TAKEN BACK|ENDS A ROLL-BACK/)
    assert.match((await told('{')).text, /unchecked +whether it was taken back: /)
  })

  it('says that nobody need be asked when the change set holds nothing', async () => {
    const { ports, sets } = world()
    sets[set] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(job, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='no'/)
  })
})

describe('an approval packet of what could not be launched', () => {
  for (const [what, move, words] of unlaunchable)
    it(`is not written: nobody is asked when ${what}`, async () => {
      const all = world()
      move(all)
      await assert.rejects(makePacket(job, all.ports), words)
      assert.equal(all.buckets.objects.size, 0)
    })

  it('says what could not be asked, and that there is no way back to an image that is gone', async () => {
    const { ports, region, terminal } = world()
    region.held.images.delete('ami-1')
    const keys = { ...ports.keys, find: () => Promise.reject(accessDenied('no right to the key', null)) }
    await makePacket(job, { ...ports, keys })
    const text = terminal.shown.join('\n')
    assert.match(text, /^ {2}unchecked +the key of its image ami-2: no right to the key$/m)
    assert.match(text, /^ {2}WAY BACK {4}FAILS: is there: its image ami-1 was deregistered, or is not/m)
  })
})

describe('a plan beside something that waits', () => {
  const planning = { ...job, EXECUTION_ID: 'e2', CHANGE_SET: 'plan-e2', PLANNING: 'yes' }

  it('is asked about although it changes nothing yet: what waits may be approved before it', async () => {
    const { ports, sets } = world()
    sets[`${app} plan-e2`] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='yes'/)
  })

  it('is passed over when it changes nothing and nothing waits', async () => {
    const { ports, sets, pipelines } = world()
    pipelines.states = [{ ...waits, stages: [{ ...waits.stages[0]!, status: 'Succeeded' }] }]
    sets[`${app} plan-e2`] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='no'/)
  })
})

describe('a plan that something else overtook', () => {
  const planning = { ...job, EXECUTION_ID: 'e2', CHANGE_SET: 'plan-e2', PLANNING: 'yes' }

  // Executing one change set deletes all others of its stack.
  it('is made anew at production, and asked about, when an execution before it took its change set away', async () => {
    const { ports, terminal } = world()
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='yes'/)
    assert.match(terminal.said.join('\n'), /plan-e2 is gone: .*planned anew/)
  })

  it('is asked about when somebody updated the stack and so made its change set obsolete', async () => {
    const { ports, sets, pipelines } = world()
    pipelines.states = [{ ...waits, stages: [{ ...waits.stages[0]!, status: 'Succeeded' }] }]
    sets[`${app} plan-e2`] = { ...sets[set]!, executable: false }
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='yes'/)
  })

  it('is a failure where there is nothing after it that plans anew: at production itself', async () => {
    const { ports, sets } = world()
    delete sets[set]
    await assert.rejects(makePacket(job, ports), ({ code }: RigletError) => code === 'CHANGE_SET')
  })
})
