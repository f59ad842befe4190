import assert from 'node:assert/strict'
import { interrupted } from '../../scripts/core/errors.ts'
import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import { until, type Waiting } from '../../scripts/core/until.ts'
import { fakeClock } from '../fakes/image-ports.ts'

/** Asks for states in turn, the last one for ever, until it is `there`; remembers what it did, in order. */
function world(states: readonly string[], given: Partial<Waiting<string>> = {}, clock: Clock = fakeClock()) {
  const rest = [...states]
  const did: string[] = []
  const ask = (): Promise<string> => {
    const state = rest.length > 1 ? rest.shift()! : rest[0]!
    did.push(state)
    return Promise.resolve(state)
  }
  const sleep = (milliseconds: number): Promise<void> => {
    did.push(`${milliseconds}`)
    return clock.sleep(milliseconds)
  }
  const waiting = { done: (state: string) => state === 'there', pause: 1000, minutes: 1, ...given }
  return { did, answer: () => until({ now: clock.now, sleep }, ask, waiting) }
}

describe('waiting', () => {
  it('sleeps not at all for what is there already', async () => {
    const { did, answer } = world(['there'])
    assert.equal(await answer(), 'there')
    assert.deepEqual(did, ['there'])
  })

  it('asks after every pause, and does what is to be done before it', async () => {
    const meanwhile = (state: string): void => void waiting.did.push(`saw ${state}`)
    const waiting = world(['soon', 'sooner', 'there'], { meanwhile })
    assert.equal(await waiting.answer(), 'there')
    assert.deepEqual(waiting.did, ['soon', 'saw soon', '1000', 'sooner', 'saw sooner', '1000', 'there'])
  })

  it('pauses longer and longer, up to the longest pause', async () => {
    const { did, answer } = world(['a', 'b', 'c', 'd', 'there'], { pause: { least: 400, most: 700 } })
    await answer()
    assert.deepEqual(did, ['a', '400', 'b', '600', 'c', '700', 'd', '700', 'there'])
  })

  it('asks once more when the time has passed during a pause, then tells what it saw last', async () => {
    const { did, answer } = world(['soon', 'sooner'], {
      pause: 40_000,
      tooLate: (state) => new Error(`still ${state}`),
    })
    await assert.rejects(answer(), /^Error: still sooner$/)
    assert.deepEqual(did, ['soon', '40000', 'sooner', '40000', 'sooner'])
  })

  it('takes what is there at the last look', async () => {
    const { answer } = world(['soon', 'there'], { pause: 90_000, tooLate: () => new Error('too late') })
    assert.equal(await answer(), 'there')
  })

  it('may wait for the words of its error', async () => {
    const { answer } = world(['soon'], { tooLate: (state) => Promise.resolve(new Error(`${state}: look there`)) })
    await assert.rejects(answer(), /^Error: soon: look there$/)
  })

  it('returns what it saw last where being late is no error', async () => {
    const { did, answer } = world(['soon'], { pause: 30_000 })
    assert.equal(await answer(), 'soon')
    assert.deepEqual(did, ['soon', '30000', 'soon', '30000', 'soon'])
  })

  it('counts the time that asking takes', async () => {
    const clock = fakeClock()
    let asked = 0
    const slow = async (): Promise<number> => {
      await clock.sleep(25_000)
      return (asked += 1)
    }
    assert.equal(await until(clock, slow, { done: () => false, pause: 1, minutes: 1 }), 3)
  })

  it('ends at Ctrl-C, which wakes whoever sleeps', async () => {
    const { did, answer } = world(['soon'], {}, { ...fakeClock(), sleep: () => Promise.reject(interrupted()) })
    await assert.rejects(answer(), { code: 'INTERRUPTED' })
    assert.deepEqual(did, ['soon', '1000'])
  })

  it('ends when asking fails', async () => {
    const refuse = (): Promise<string> => Promise.reject(new Error('denied'))
    await assert.rejects(until(fakeClock(), refuse, { done: () => true, pause: 1, minutes: 1 }), /denied/)
  })
})
