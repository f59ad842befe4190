import assert from 'node:assert/strict'
import fc from 'fast-check'
import { cleanImages } from '../../../scripts/actions/cleaning/clean-images.ts'
import { promote } from '../../../scripts/actions/distribution/promote.ts'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { share } from '../../../scripts/actions/share/share.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { onEachCall } from '../../support/on-each-call.ts'
import * as cleaning from '../cleaning/world.ts'
import * as sharing from '../share/world.ts'
import { channelWorld, manifestOf, regions, settings as ofChannel } from './channel-world.ts'
import { settings, threeRegions, twoAccounts, world } from './world.ts'

type Ended = { readonly code: number; readonly said: string }
type Story = (ports: Ports) => Promise<number>

const yes = Array.from({ length: 8 }, () => 'yes')

/** How a run ended, and all that it showed and said; one that refuses says so, and ends with 1. */
async function run(story: Story, ports: Ports): Promise<Ended> {
  const terminal = answering(...yes)
  const refused = await story({ ...ports, terminal }).then(
    (code) => ({ code, words: '' }),
    ({ message, remedy }: { readonly message: string; readonly remedy?: string }) => {
      if (remedy === undefined) throw new Error(message)
      return { code: 1, words: message }
    },
  )
  return { code: refused.code, said: [...terminal.shown, ...terminal.said, refused.words].join('\n') }
}

/** Each as a process of its own, whose calls come between those of the other one in any order. */
async function atOnce(order: fc.Scheduler, ...runs: readonly (readonly [Story, Ports])[]): Promise<readonly Ended[]> {
  const each = runs.map(([story, ports]) =>
    run(
      story,
      onEachCall(ports, (call) => order.schedule(Promise.resolve()).then(call)),
    ),
  )
  return order.waitFor(Promise.all(each))
}

/** Which orders come is decided by the seed: a failure is told with it. */
const inAnyOrder = (property: (order: fc.Scheduler) => Promise<void>, numRuns = 40): Promise<void> =>
  fc.assert(fc.asyncProperty(fc.scheduler(), property), { numRuns, seed: 1 })

describe('two runs at once', function () {
  this.timeout(60_000)

  for (const [what, yaml, copies] of [
    ['in three regions', threeRegions, 2],
    ['in another account', twoAccounts, 2],
  ] as const)
    it(`of replicate share the copies, and both end right: ${what} (B02)`, () =>
      inAnyOrder(async (order) => {
        const one = world(yaml)
        const story: Story = (ports) => replicate(settings, ports)
        const ended = await atOnce(order, [story, one.ports], [story, one.ports])
        assert.deepEqual(
          ended.map(({ code }) => code),
          [0, 0],
        )
        const made = one.places.copies()
        assert.equal(made.length, copies)
        assert.ok(made.every((copy) => copy.endsWith(' available')))
      }))

  it('of publish write no manifest that does not hold, and one more run settles it (B02, B03)', () =>
    inAnyOrder(async (order) => {
      const one = world(twoAccounts)
      assert.equal((await run((ports) => replicate(settings, ports), one.ports)).code, 0)
      const checkouts = [0, 1].map(() => fakeFiles(Object.fromEntries(one.files.content)))
      const later = (files: Ports['files'], minutes: number): Ports => ({
        ...one.ports,
        files,
        clock: { ...one.clock, now: () => new Date(one.clock.now().getTime() + minutes * 60_000) },
      })
      const story: Story = (ports) => publish(settings, ports)
      const ended = await atOnce(order, [story, later(checkouts[0]!, 0)], [story, later(checkouts[1]!, 3)])
      for (const [index, { code, said }] of ended.entries()) {
        const wrote = checkouts[index]!.content.has('manifests/images.json')
        assert.equal(wrote, code === 0)
        if (!wrote) assert.match(said, /manifests\/images\.json stays as it is: .* not hold what was asked for/)
      }
      assert.equal((await run(story, one.ports)).code, 0)
      const held = [...one.places.held.values()].filter(({ token }) => token !== '')
      assert.deepEqual(new Set(held.map(({ facts }) => facts.tags['Published'])).size, 1)
      for (const { facts, shared } of held) assert.deepEqual([facts.protected, shared], [true, ['333333333333']])
      assert.match((await run(story, one.ports)).said, /nothing to do/)
    }))

  /** A checkout of a release. */
  const checkedOut = ({ ports }: ReturnType<typeof channelWorld>, number: number, tag: string): Ports => ({
    ...ports,
    git: fakeGit([], undefined, [tag]),
    files: fakeFiles({
      'manifests/images.yaml': `images:\n  web: { regions: [${regions.join(', ')}] }\n`,
      'manifests/images.json': JSON.stringify(manifestOf(number)),
    }),
  })
  const story: Story = (ports) => promote(ofChannel, ports)

  it('of promote leave no channel torn in silence: whoever met another release names it, and fails (G18)', () =>
    inAnyOrder(async (order) => {
      const one = channelWorld()
      const [third, fourth] = [checkedOut(one, 3, 'v1.3.0'), checkedOut(one, 4, 'v1.4.0')]
      const ended = await atOnce(order, [story, third], [story, fourth])
      const named = new Set(one.named().map((id) => id?.slice(0, 5)))
      if (ended.every(({ code }) => code === 0)) assert.equal(named.size, 1)
      for (const [index, { code, said }] of ended.entries())
        if (code !== 0) assert.ok(said.includes(index === 0 ? 'v1.4.0' : 'v1.3.0'), said)
      assert.equal((await run(story, fourth)).code, 0)
      assert.deepEqual(one.named(), one.idsOf(4))
    }))

  it('of promote let a milestone have one release, the earlier one, and the other names it (G19)', () =>
    inAnyOrder(async (order) => {
      const one = channelWorld()
      const releases = [checkedOut(one, 3, 'v1.3.0'), checkedOut(one, 4, 'v1.3.1')] as const
      const ended = await atOnce(order, [story, releases[0]], [story, releases[1]])
      assert.ok(ended.some(({ code }) => code !== 0))
      await one.clock.sleep(60_000)
      const again = [await run(story, releases[0]), await run(story, releases[1])]
      const [first] = again.flatMap(({ code }, index) => (code === 0 ? [index] : []))
      assert.notEqual(first, undefined, again.map(({ said }) => said).join('\n'))
      const other = again[1 - first!]!
      assert.equal(other.code, 1)
      assert.ok(other.said.includes(`${first === 0 ? 'v1.3.0' : 'v1.3.1'} was promoted to stable of web`), other.said)
      assert.deepEqual(one.named(), one.idsOf(first === 0 ? 3 : 4))
    }))

  it('of share both end right (A18)', () =>
    inAnyOrder(async (order) => {
      const whole = sharing.world()
      assert.equal(await share(sharing.settings, whole.ports), 0)
      const one = sharing.world()
      const both: Story = (ports) => share(sharing.settings, ports)
      const ended = await atOnce(order, [both, one.ports], [both, one.ports])
      assert.deepEqual(
        ended.map(({ code }) => code),
        [0, 0],
      )
      assert.deepEqual(one.state(), whole.state())
    }))

  it('of clean-images take nothing further than one run would (B08)', () =>
    inAnyOrder(async (order) => {
      const one = cleaning.world([cleaning.old(cleaning.id(1), { protected: true }), cleaning.old(cleaning.id(2))], {
        current: cleaning.manifest([cleaning.id(2)]),
      })
      const both: Story = (ports) => cleanImages(cleaning.settings, ports)
      for (const [state, days] of [
        ['available', 1],
        ['disabled', 8],
        [undefined, 1],
      ] as const) {
        await atOnce(order, [both, one.ports], [both, one.ports])
        assert.equal(one.places.held.get(cleaning.id(1))?.facts.state, state)
        assert.equal(one.places.held.get(cleaning.id(2))?.facts.state, 'available')
        await one.ports.clock.sleep(days * cleaning.day)
      }
      assert.equal((await run(both, one.ports)).code, 0)
    }, 15))
})
