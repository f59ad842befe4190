import assert from 'node:assert/strict'
import { judge } from '../../../scripts/core/image/identity.ts'

const expected = { imageId: 'ami-0new', version: '2' }
const body = (imageId: string, version: string): string => JSON.stringify({ imageId, version, commit: '4d1a90b' })

describe("judging an app's answer", () => {
  it('is right when the deployed image answers', () => {
    const sight = judge({ type: 'answer', status: 200, body: body('ami-0new', '2') }, expected)
    assert.deepEqual(sight, { type: 'right', identity: { imageId: 'ami-0new', version: '2', commit: '4d1a90b' } })
  })

  const wrong: readonly (readonly [string, Parameters<typeof judge>[0], string])[] = [
    ['the old image', { type: 'answer', status: 200, body: body('ami-0old', '1') }, 'version 1 of ami-0old'],
    ['another version', { type: 'answer', status: 200, body: body('ami-0new', '1') }, 'version 1 of ami-0new'],
    ['an error', { type: 'answer', status: 502, body: '' }, 'HTTP 502'],
    [
      'something else',
      { type: 'answer', status: 200, body: '<h1>It works</h1>' },
      'HTTP 200 with something else: <h1>It works</h1>',
    ],
    [
      'JSON of something else',
      { type: 'answer', status: 200, body: '{"imageId": 7}' },
      'HTTP 200 with something else: {"imageId": 7}',
    ],
    ['silence', { type: 'silence', why: 'ECONNREFUSED' }, 'no answer (ECONNREFUSED)'],
  ]
  for (const [what, answer, words] of wrong) {
    it(`tells ${what}`, () => {
      const sight = judge(answer, expected)
      assert.equal(sight.type === 'wrong' && sight.words, words)
      // Only an app that works and is another one will not become right by waiting.
      assert.equal(sight.type === 'wrong' && sight.settled === true, words.startsWith('version'))
    })
  }
})
