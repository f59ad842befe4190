import assert from 'node:assert/strict'
import { smoke } from '../../scripts/actions/smoke.ts'
import { isRigletError } from '../../scripts/core/errors.ts'
import type { Answer } from '../../scripts/core/image/ports.ts'
import { fakeClock, fakeHttp, fakeTerminal } from '../fakes/image-ports.ts'

const from = (imageId: string): Answer => ({
  type: 'answer',
  status: 200,
  body: JSON.stringify({ imageId, version: '2', commit: '4d1a90b7' }),
})
const wanted = { url: 'http://app.test/', imageId: 'ami-0new', seconds: 60 }
const world = (...answers: readonly Answer[]) => ({
  http: fakeHttp(answers),
  clock: fakeClock(),
  terminal: fakeTerminal(),
})

describe('smoke', () => {
  it('is content when the deployed image answers several times in a row', async () => {
    const ports = world(from('ami-0new'))
    assert.equal((await smoke(wanted, ports)).imageId, 'ami-0new')
    assert.equal(ports.http.asked(), 5)
  })

  it('begins anew when an old machine answers in between', async () => {
    const ports = world(from('ami-0new'), from('ami-0old'), from('ami-0new'))
    await smoke(wanted, ports)
    assert.equal(ports.http.asked(), 7)
    assert.deepEqual(ports.terminal.said.filter((line) => line.includes('ami-0old')).length, 1)
  })

  const wrong: readonly (readonly [string, Answer, RegExp])[] = [
    ['the old image', from('ami-0old'), /within 45 s; last it was: version 2 of ami-0old/],
    ['an error', { type: 'answer', status: 502, body: '' }, /last it was: HTTP 502/],
    ['nobody', { type: 'silence', why: 'ECONNREFUSED' }, /last it was: no answer \(ECONNREFUSED\)/],
  ]
  for (const [who, answer, message] of wrong) {
    it(`gives up in bounded time when ${who} answers, and says so`, async () => {
      const ports = world(answer)
      await assert.rejects(
        smoke(wanted, ports),
        (error) => isRigletError(error, 'IMAGE') && message.test(error.message),
      )
      assert.ok(ports.clock.now().getTime() - Date.parse('2026-01-31T12:00:00Z') <= 61_000)
    })
  }
})
