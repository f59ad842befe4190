/** The port's, of which nothing else is used. */
type Clock = { readonly now: () => Date; readonly sleep: (milliseconds: number) => Promise<void> }

export type Waiting<Answer> = {
  readonly done: (answer: Answer) => boolean
  /** Milliseconds between two questions; or from `least` on half as long again each time, up to `most`. */
  readonly pause: number | { readonly least: number; readonly most: number }
  /** How long it is waited for: it is asked for the last time when they have passed. */
  readonly minutes: number
  /** What is said or done about an answer before the next pause. */
  readonly meanwhile?: (answer: Answer) => void | Promise<void>
  /** What is thrown when the time has passed; without it the last answer is returned as it is, not done. */
  readonly tooLate?: (answer: Answer) => Error | Promise<Error>
}

/**
 * Asks again and again until it is done, or too late; returns the last answer. Whatever asking throws ends it, and so
 * does Ctrl-C, by way of the clock.
 */
export async function until<Answer>(
  clock: Clock,
  ask: () => Promise<Answer>,
  { done, pause, minutes, meanwhile, tooLate }: Waiting<Answer>,
): Promise<Answer> {
  const deadline = clock.now().getTime() + minutes * 60_000
  const { least, most } = typeof pause === 'number' ? { least: pause, most: pause } : pause
  for (let next = least; ; next = Math.min(next * 1.5, most)) {
    const answer = await ask()
    if (done(answer)) return answer
    if (clock.now().getTime() >= deadline) {
      if (tooLate === undefined) return answer
      throw await tooLate(answer)
    }
    await meanwhile?.(answer)
    await clock.sleep(next)
  }
}
