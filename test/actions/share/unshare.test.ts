import assert from 'node:assert/strict'
import { planUnshares, unshare } from '../../../scripts/actions/share/unshare.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { failureOf } from '../../support/failure.ts'
import { candidates, image, prod, settings, stage, world, yaml } from './world.ts'

/** images.yaml from which the account was taken out, but for the candidates. */
const left = yaml.replace('with: [stage, prod]', 'with: [prod]')
const leaving = { ...settings, NAME: 'stage' } as const
const withdrawn = (calls: readonly string[]): readonly string[] => calls.filter((call) => call.startsWith('withdraw'))

/** Every image is shared with both accounts. */
async function shared(text: string) {
  const theirs = image(7, { tags: { Image: 'web' } })
  const made = world(text, [...candidates, theirs])
  for (const one of made.places.held.values()) one.shared = [stage, prod]
  return made
}

describe('unshare', () => {
  it('shows what would be taken back and what stays, and changes nothing', async () => {
    const { ports, places, screen } = await shared(left)
    assert.equal(await planUnshares(leaving, ports), 0)
    assert.match(screen(), /^Images that stage \(333333333333\) may launch from$/m)
    assert.match(screen(), /us-east-1 {2}ami-00000001 .*\n {6}stays: images\.yaml shares it as candidates$/m)
    assert.match(screen(), /- 222222222222 eu-west-1 {2}ami-00000009 .*\n {6}TAKE BACK$/m)
    assert.match(screen(), /nothing is launched there from what is taken back/)
    assert.deepEqual(withdrawn(places.calls), [])
  })

  it('takes back, in all regions, what images.yaml does not give any more, of the riglet’s own images alone', async () => {
    const { ports, state, terminal } = await shared(left)
    assert.equal(await unshare(leaving, ports), 0)
    const who = Object.fromEntries(Object.entries(state()).map(([id, has]) => [id, Object.keys(has)]))
    assert.deepEqual(who, {
      'ami-00000001': [stage, prod],
      'ami-00000002': [stage, prod],
      'ami-00000003': [prod],
      'ami-00000007': [stage, prod],
      'ami-00000008': [prod],
      'ami-00000009': [prod],
    })
    assert.deepEqual(terminal.asked, ['Let 333333333333 launch from 3 images no more?'])
  })

  it('does nothing the second time', async () => {
    const { ports, places, screen } = await shared(left)
    await unshare(leaving, ports)
    const before = places.calls.length
    assert.equal(await unshare(leaving, ports), 0)
    assert.match(screen(), /^unshare from stage \(333333333333\): nothing to do$/m)
    assert.deepEqual(withdrawn(places.calls.slice(before)), [])
  })

  it('knows an account that stands in images.yaml no more by its number, and no other words', async () => {
    const gone = left.replaceAll('with: [stage]', 'with: [prod]')
    const { ports, state } = await shared(gone)
    assert.equal(await unshare({ ...settings, NAME: stage }, ports), 0)
    assert.deepEqual(Object.keys(state()['ami-00000001']!), [prod])
    const { message, remedy } = await failureOf(unshare({ ...settings, NAME: 'customer' }, ports))
    assert.match(message, /images\.yaml has no account customer, and it is no number/)
    assert.match(remedy, /It has: hub, prod, stage/)
  })

  it('changes nothing at a no', async () => {
    const { ports, places } = await shared(left)
    const terminal = { ...ports.terminal, confirm: () => Promise.resolve(false) }
    assert.equal(await unshare(leaving, { ...ports, terminal }), 0)
    assert.deepEqual(withdrawn(places.calls), [])
  })

  it('ends with 1 where a place does not answer, or keeps one, and does the others', async () => {
    const { ports, state, screen } = await shared(left)
    const at: typeof ports.at = (target) => {
      const there = ports.at(target)
      if (target.region !== 'eu-west-1') return there
      const denied = () => Promise.reject(accessDenied('no right to look', new Error('x')))
      return { ...there, publishing: { ...there.publishing, idsSharedWith: denied } }
    }
    assert.equal(await unshare(leaving, { ...ports, at }), 1)
    assert.match(screen(), /^Not checked: 222222222222 eu-west-1: .*no right to look/m)
    assert.deepEqual(Object.keys(state()['ami-00000008']!), [prod])
  })

  it('is data with JSON=1', async () => {
    const { ports, screen } = await shared(left)
    assert.equal(await unshare({ ...leaving, JSON: '1' }, ports), 0)
    const { images } = JSON.parse(screen()) as { images: readonly { id: string; state: string; stays: string[] }[] }
    assert.deepEqual(
      images.filter(({ state }) => state === 'done').map(({ id }) => id),
      ['ami-00000003', 'ami-00000008', 'ami-00000009'],
    )
  })
})
