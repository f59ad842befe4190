import assert from 'node:assert/strict'
import { describePromotion, promotionOf, releaseOf, standing } from '../../../scripts/core/distribution/release.ts'
import { versionIn } from '../../../scripts/core/names.ts'

const now = new Date('2026-02-01T08:00:30.123Z')
const release = (tag: string, milestone: string) => ({ tag, milestone })
const put = (
  value: string,
  tag: string,
  time: number,
  how: 'promoted' | 'taken back' = 'promoted',
  reason?: string,
) => ({
  value,
  description: describePromotion({ release: release(tag, '1'), id: value, version: '1', how }, now, reason),
  time,
})

describe('the release that a commit is', () => {
  for (const [tags, milestone, is] of [
    [['v1.4.2'], undefined, release('v1.4.2', '1.4')],
    [['1.4'], undefined, release('1.4', '1.4')],
    [['web/v10.0.12'], undefined, release('web/v10.0.12', '10.0')],
    [['v1.4.2-rc1', 'v1.4.2', 'latest'], undefined, release('v1.4.2', '1.4')],
    [['v1.4.2'], '2026-spring', release('v1.4.2', '2026-spring')],
    [['spring'], '2026-spring', release('spring', '2026-spring')],
  ] as const)
    it(`follows from ${tags.join(', ')}${milestone === undefined ? '' : ` and MILESTONE=${milestone}`} (G18, G19)`, () =>
      assert.deepEqual(releaseOf(tags, milestone), is))

  for (const tags of [[], ['v1.4.2-rc1'], ['v1.4.2-rc.1'], ['v1.4.2-rc1.0'], ['latest'], ['v1.4.2', 'v1.5.0']])
    it(`does not follow from ${tags.join(', ') || 'no tag'}`, () => assert.throws(() => releaseOf(tags, undefined)))
})

describe('what a channel keeps of a promotion', () => {
  it('is read as it was written, whatever the reason says', () => {
    const reason = 'Release v9 of milestone 9, version 9, promoted at 2026-02-01T08:00:00Z: "x"'
    const version = '1:1.22.1-9+deb12u1'
    const what = { release: release('web/v1.4.2', '1.4'), id: 'ami-1', version, how: 'taken back' } as const
    const description = describePromotion(what, now, reason)
    assert.equal(
      description,
      `Release web/v1.4.2 of milestone 1.4, version ${version}, taken back at 2026-02-01T08:00:30Z: ${reason}`,
    )
    assert.deepEqual(promotionOf({ value: 'ami-1', description, time: 7 }), { ...what, time: 7 })
  })

  it('fits into what AWS keeps, with the longest words that riglet takes', () => {
    const longest = { release: release('v'.repeat(250), 'm'.repeat(64)), id: 'ami-1', version: 'x'.repeat(128) }
    assert.ok(describePromotion({ ...longest, how: 'taken back' }, now, 'r'.repeat(512)).length <= 1024)
  })

  it('is the id alone where somebody else put it there', () => {
    const { release: found, how } = promotionOf({ value: 'ami-1', description: 'by hand', time: 1 })
    assert.deepEqual([found.tag, how], ['ami-1', 'promoted'])
  })
})

describe('what stands behind a channel', () => {
  const tags = (...history: Parameters<typeof standing>[0]) => standing(history).map(({ release: { tag } }) => tag)
  const [one, two] = [put('ami-1', 'v1', 1), put('ami-2', 'v2', 2)]
  const back = put('ami-1', 'v1', 3, 'taken back', 'bad')

  it('are its promotions, without what was taken back', () => {
    assert.deepEqual(tags(), [])
    assert.deepEqual(tags(one, two), ['v1', 'v2'])
    assert.deepEqual(tags(one, two, back), ['v1'])
    assert.deepEqual(tags(one, two, back, put('ami-2', 'v2', 4)), ['v1', 'v2'])
    assert.deepEqual(tags(one, two, put('ami-1', 'v1', 3)), ['v1', 'v2', 'v1'])
  })

  it('count from when they were promoted first', () => {
    const again = put('ami-3', 'v1', 5)
    assert.deepEqual(
      [standing([one, again]), standing([one, two, back])].map((stack) => stack.map(({ id, time }) => [id, time])),
      [[['ami-3', 1]], [['ami-1', 1]]],
    )
  })
})

describe('the version in the name of an image', () => {
  for (const [name, version] of [
    ["acme-shop/web/1'c2.0'trc1-9f3c2e1a", '1:2.0~rc1'],
    ['acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z', '1.4.2'],
    ['grit-linux-2024.1', 'grit-linux-2024.1'],
  ] as const)
    it(`is told of ${name}`, () => assert.equal(versionIn(name), version))
})
