import assert from 'node:assert/strict'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { interrupted } from '../../../scripts/core/errors.ts'
import type { Regional } from '../../../scripts/core/ports/ports.ts'
import { settings, twoAccounts, world } from './world.ts'

type World = ReturnType<typeof world>

/** The world's ports, of which each call counts; after `last` calls none is answered any more, though the last was done. */
function cutOff({ ports }: World, last: number): World['ports'] {
  let count = 0
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get:
        (target, name) =>
        async (...args: unknown[]) => {
          if (count >= last) throw interrupted()
          count += 1
          const answer = await (target as Record<PropertyKey, (...all: unknown[]) => unknown>)[name]!(...args)
          if (count >= last) throw interrupted()
          return answer
        },
    })
  const region = <Some extends Pick<Regional, 'images' | 'publishing'>>(there: Some): Some => ({
    ...there,
    images: counted(there.images),
    publishing: counted(there.publishing),
  })
  return { ...region(ports), at: (target) => region(ports.at(target)) }
}

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

describe('a distribution that is killed after any call and run again (B02)', () => {
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
      await both(cutOff(one, last)).catch(({ code }: { code: string }) => assert.equal(code, 'INTERRUPTED'))
      await both(one.ports)
      assert.deepEqual(state(one), state(whole), `after ${last} calls`)
    }
  })
})
