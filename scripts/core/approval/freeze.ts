/** Until when nothing goes to an environment by a pipeline, why, and who said so; times in ISO's form. */
export type Freeze = {
  readonly until: string
  readonly reason: string
  /** ARN of whoever froze it. */
  readonly by: string
  readonly since: string
}

/** A time as a person writes it, to the minute and with its zone; undefined: there is no such day. */
export function readTime(text: string): Date | undefined {
  const [, there = '', zone = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  const day = new Date(`${there}Z`)
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(day.getTime()) || minute(day.toISOString()) !== `${there}Z`) return undefined
  const time = new Date(`${there}${zone}`)
  return Number.isNaN(time.getTime()) ? undefined : time
}

/** 2026-12-24T18:00Z: as it is typed. */
export const minute = (iso: string): string => `${iso.slice(0, 16)}Z`

/** `until 2026-12-24T18:00Z: Christmas trade`. */
export const freezeWords = ({ until, reason }: Pick<Freeze, 'until' | 'reason'>): string =>
  `until ${minute(until)}: ${reason}`
