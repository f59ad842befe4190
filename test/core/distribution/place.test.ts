import assert from 'node:assert/strict'
import { consumersOf, placesOf } from '../../../scripts/core/distribution/place.ts'
import { planReplica } from '../../../scripts/core/distribution/plan-replica.ts'
import { desiredReplica } from '../../../scripts/core/distribution/replica.ts'
import { opensAt, wavesOf } from '../../../scripts/core/distribution/waves.ts'
import { riglet, candidate, read, desired, seen } from './support.ts'

describe('where an image goes', () => {
  it("is the riglet's own region where nothing else is said", () => {
    const places = placesOf(desired(), { accounts: {} }, 'eu-central-1')
    assert.deepEqual(
      places.map(({ title, home }) => [title, home]),
      [['eu-central-1', true]],
    )
  })

  it('is every region of its list, or those of the account that publishes, and no others (G12, G13, G14, B16)', () => {
    const titles = (yaml: string) =>
      placesOf(desired(yaml), read(yaml), 'us-east-1').map(({ title, home }) => [title, home])
    assert.deepEqual(titles('{ regions: [us-east-1, eu-west-1] }'), [
      ['us-east-1', true],
      ['eu-west-1', false],
    ])
    assert.deepEqual(titles('{ account: distribution }'), [
      ['222222222222 us-east-1', false],
      ['222222222222 eu-west-1', false],
    ])
  })

  it('is shared with accounts by their numbers, and with organizations', () => {
    const all = read('{ shareWith: [customer, arn:aws:organizations::111111111111:organization/o-abcdefghij] }')
    assert.deepEqual(consumersOf(all.images['web']!, all), [
      '333333333333',
      'arn:aws:organizations::111111111111:organization/o-abcdefghij',
    ])
  })

  it('goes wave by wave, what no wave names last (B17)', () => {
    const yaml =
      '{ regions: [us-east-1, eu-west-1, ap-south-1], waves: [{ regions: [ap-south-1], pause: 30, alarm: loud }] }'
    const web = desired(yaml)
    const plans = placesOf(web, read(yaml), 'us-east-1').map((place) =>
      planReplica(desiredReplica(riglet, web, candidate, place, []), seen([candidate])),
    )
    assert.deepEqual(
      wavesOf(web, plans).map((wave) => [wave.plans.map((plan) => plan.replica.place.region), wave.gate]),
      [
        [['ap-south-1'], { minutes: 30, alarm: 'loud' }],
        [['us-east-1', 'eu-west-1'], undefined],
      ],
    )
    const opens = opensAt({ minutes: 30, alarm: undefined }, ['2026-02-01T08:00:00Z', '2026-02-01T07:00:00Z'])
    assert.equal(new Date(opens).toISOString(), '2026-02-01T08:30:00.000Z')
  })
})
