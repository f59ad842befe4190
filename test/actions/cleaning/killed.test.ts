import assert from 'node:assert/strict'
import { cleanImages } from '../../../scripts/actions/cleaning/clean-images.ts'
import { cutOff } from '../../support/cut-off.ts'
import { day, id, manifest, old, settings, twoAccounts, world } from './world.ts'

const begin = () =>
  world(
    [
      old(id(1), { protected: true }),
      old(id(2)),
      old(id(3), { account: '222222222222', region: 'eu-west-1', tags: { CandidateImageId: id(1) } }),
      old(id(4), { account: '222222222222' }),
    ],
    { yaml: twoAccounts, current: manifest([id(2)]), answers: Array.from({ length: 12 }, () => 'yes') },
  )

/** Ids that are left, and how; times are left to the run. */
const state = ({ places }: ReturnType<typeof begin>) => ({
  images: [...places.held.values()].map(({ facts }) => `${facts.id} ${facts.state}`).sort(),
  snapshots: [...places.leaving.snapshots.keys()].sort(),
})

/** Runs with days between them until nothing is left to do. */
async function toTheEnd({ ports }: ReturnType<typeof begin>): Promise<void> {
  for (let run = 0; run < 4; run += 1) {
    assert.equal(await cleanImages(settings, ports), 0)
    await ports.clock.sleep(run === 0 ? day : 8 * day)
  }
}

describe('a clean-up that is killed after any call and run again (B08)', function () {
  this.timeout(60_000)
  for (const [when, days] of [
    ['while it asks', []],
    ['while it disables', [1]],
    ['while it deregisters', [1, 8]],
  ] as const)
    it(`comes to the same end ${when}`, async () => {
      const whole = begin()
      await toTheEnd(whole)
      assert.deepEqual(state(whole), { images: [`${id(2)} available`], snapshots: [`snap-${id(2)}`] })
      let calls = Infinity
      for (let last = 1; last <= calls; last += 1) {
        const one = begin()
        for (const wait of days) {
          assert.equal(await cleanImages(settings, one.ports), 0)
          await one.ports.clock.sleep(wait * day)
        }
        const cut = cutOff(one.ports, last)
        await cleanImages(settings, cut.ports).then(
          () => (calls = cut.count()),
          ({ code }: { code: string }) => assert.equal(code, 'INTERRUPTED'),
        )
        await toTheEnd(one)
        assert.deepEqual(state(one), state(whole), `after ${last} calls`)
      }
      assert.ok(calls > 20, String(calls))
    })
})
