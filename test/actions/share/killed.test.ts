import assert from 'node:assert/strict'
import { share } from '../../../scripts/actions/share/share.ts'
import { cutOff } from '../../support/cut-off.ts'
import { candidates, settings, world, yaml } from './world.ts'

describe('sharing that is killed after any call and run again (A18, A21)', () => {
  it('comes to the same end, and then has nothing to do', async () => {
    const whole = world()
    assert.equal(await share(settings, whole.ports), 0)
    const calls = whole.places.calls.length
    assert.ok(calls > 15, String(calls))
    for (let last = 1; last < calls; last += 1) {
      const one = world(yaml, candidates, ['yes', 'yes', 'yes'])
      await share(settings, cutOff(one.ports, last).ports).catch(({ code }: { code: string }) =>
        assert.equal(code, 'INTERRUPTED'),
      )
      assert.equal(await share(settings, one.ports), 0)
      assert.deepEqual(one.state(), whole.state(), `after ${last} calls`)
      assert.equal(await share(settings, one.ports), 0)
      assert.equal(one.screen(), 'share: nothing to do', `after ${last} calls`)
    }
  })
})
