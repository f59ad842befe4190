import assert from 'node:assert/strict'
import { freezeWords, readTime } from '../../../scripts/core/approval/freeze.ts'
import { readFreeze } from '../../../scripts/core/approval/read-freeze.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'

const freeze = {
  until: '2026-12-24T18:00:00.000Z',
  reason: 'Christmas trade',
  by: 'arn:aws:iam::123456789012:user/ada',
  since: '2026-11-30T12:00:00.000Z',
}
const at = (time: string) => readFreeze('/acme/shop/freeze/production/web-main', JSON.stringify(freeze), new Date(time))

describe('a time that a person types', () => {
  for (const [text, meant] of [
    ['2026-12-24T18:00Z', '2026-12-24T18:00:00.000Z'],
    ['2026-12-24T19:00+01:00', '2026-12-24T18:00:00.000Z'],
    ['2028-02-29T00:00-05:30', '2028-02-29T05:30:00.000Z'],
  ] as const)
    it(`is read with its zone: ${text}`, () => assert.equal(readTime(text)?.toISOString(), meant))

  for (const text of [
    '2026-02-30T10:00Z',
    '2026-02-29T10:00Z',
    '2026-13-01T10:00Z',
    '2026-12-24T24:00Z',
    'tomorrow',
    '',
  ])
    it(`is none that no calendar or clock has: ${text || '(empty)'}`, () => assert.equal(readTime(text), undefined))
})

describe('a freeze', () => {
  it('holds until its time and not at it, whoever forgot to thaw it', async () => {
    assert.deepEqual(await at('2026-12-24T17:59:59.999Z'), freeze)
    assert.equal(await at('2026-12-24T18:00:00.000Z'), undefined)
    assert.equal(freezeWords(freeze), 'until 2026-12-24T18:00Z: Christmas trade')
  })

  it('is none where nothing was kept', async () =>
    assert.equal(await readFreeze('place', undefined, new Date()), undefined))

  for (const [what, text] of [
    ['is no JSON', '{"until": '],
    ['lacks a member', JSON.stringify({ ...freeze, until: undefined })],
    ['has no time', JSON.stringify({ ...freeze, until: 'soon' })],
  ] as const)
    it(`that ${what} is refused as one: nobody knows that it is over`, async () => {
      await assert.rejects(readFreeze('/acme/x', text, new Date('2030-01-01')), ({ code, message }: RigletError) => {
        assert.equal(code, 'APPROVAL')
        assert.match(message, /^The freeze in the parameter \/acme\/x cannot be read, so it is taken for one: /)
        return true
      })
    })
})
