import assert from 'node:assert/strict'
import { revoke } from '../../../scripts/actions/revocation/revoke.ts'
import { unrevoke } from '../../../scripts/actions/revocation/unrevoke.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { cutOff } from '../../support/cut-off.ts'
import { settings, standing, world } from './world.ts'

type World = ReturnType<typeof world>

const stories = [
  ['revocation', (ports: Ports) => revoke(settings, ports), () => Promise.resolve(0)],
  ['way back', (ports: Ports) => unrevoke(settings, ports), (ports: Ports) => revoke(settings, ports)],
] as const

for (const [what, run, before] of stories)
  describe(`a ${what} that is killed after any call and run again (B13)`, () => {
    it('comes to the same end, and starts no pipeline twice', async () => {
      const prepared = async (): Promise<World> => {
        const one = world()
        await before(one.ports)
        return one
      }
      const whole = await prepared()
      const all = cutOff(whole.ports, Infinity)
      assert.equal(await run(all.ports), 0)
      const calls = all.count()
      assert.ok(calls > 10, String(calls))
      for (let last = 1; last < calls; last += 1) {
        const one = await prepared()
        await run(cutOff(one.ports, last).ports).catch(({ code }: { code: string }) =>
          assert.equal(code, 'INTERRUPTED'),
        )
        assert.equal(await run(one.ports), 0)
        assert.deepEqual(standing(one), standing(whole), `after ${last} calls`)
      }
    })
  })
