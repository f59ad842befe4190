import { clockSkew, wrongClock } from '../../core/access/clock.ts'

type Answer = { readonly headers?: Readonly<Record<string, string | undefined>> }

/**
 * Looks at the Date of every answer, refusals included: a wrong clock is told as what it is, before what comes of it is told as wrong
 * credentials.
 * @throws RigletError CLOCK
 */
export const checkClock =
  <Asked, Answered extends { readonly response?: unknown }>(next: (asked: Asked) => Promise<Answered>) =>
  async (asked: Asked): Promise<Answered> => {
    const sent = Date.now()
    const answered = await next(asked)
    const { date } = (answered.response as Answer | undefined)?.headers ?? {}
    const skew = clockSkew(date, sent, Date.now())
    if (skew !== undefined) throw wrongClock(skew)
    return answered
  }
