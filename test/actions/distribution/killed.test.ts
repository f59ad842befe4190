import assert from 'node:assert/strict'
import { promote } from '../../../scripts/actions/distribution/promote.ts'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { cutOff } from '../../support/cut-off.ts'
import { channelWorld, settings as ofChannel } from './channel-world.ts'
import { settings, twoAccounts, world } from './world.ts'

type World = ReturnType<typeof world>

const both = async (ports: World['ports']): Promise<void> => {
  assert.equal(await replicate(settings, ports), 0)
  assert.equal(await publish(settings, ports), 0)
}

/** Ids and times are left to chance; who has what, and who may use it, is not. */
const state = ({ places, files }: World) => ({
  copies: places.copies(),
  shared: [...places.held.values()]
    .map(({ facts, shared }) => [facts.region, facts.protected, ...shared].join(' '))
    .sort(),
  manifest: files.content.get('manifests/images.json')?.replaceAll(/ami-\w+|2026-\S+Z/g, '*'),
})

describe('a distribution that is killed after any call and run again (B02)', function () {
  this.timeout(60_000)

  it('comes to the same end, and copies nothing twice', async () => {
    const whole = world(twoAccounts)
    await both(whole.ports)
    const calls = whole.places.calls.length
    assert.ok(calls > 25, String(calls))
    for (let last = 1; last < calls; last += 1) {
      const one = world(
        twoAccounts,
        Array.from({ length: 6 }, () => 'yes'),
      )
      await both(cutOff(one.ports, last).ports).catch(({ code }: { code: string }) => assert.equal(code, 'INTERRUPTED'))
      await both(one.ports)
      assert.deepEqual(state(one), state(whole), `after ${last} calls`)
    }
  })
})

describe('a promotion that is killed after any call and run again (G18)', function () {
  this.timeout(60_000)

  it('comes to the same end, and lets no place name the release twice', async () => {
    const whole = channelWorld()
    whole.checkOut(3)
    assert.equal(await promote(ofChannel, whole.ports), 0)
    const calls = whole.places.calls.length
    assert.ok(calls > 12, String(calls))
    for (let last = 1; last < calls; last += 1) {
      const one = channelWorld()
      one.checkOut(3)
      await promote(ofChannel, cutOff(one.ports, last).ports).catch(({ code }: { code: string }) =>
        assert.equal(code, 'INTERRUPTED'),
      )
      await one.clock.sleep(10_000)
      assert.equal(await promote(ofChannel, one.ports), 0)
      assert.deepEqual(one.named(), one.idsOf(3), `after ${last} calls`)
      assert.equal(one.places.count('putImage'), 3, `after ${last} calls`)
    }
  })
})
