/**
 * Such as riglet-0123456789ab-20260131T235959123Z: what it wants, and when it was asked for, to the millisecond: the same is
 * asked for anew within a second of its execution.
 */
export const changeSetName = (digest: string, now: Date): string =>
  `riglet-${digest.slice(0, 12)}-${now.toISOString().replace(/[-:.]/g, '')}`

const hour = 3_600_000

/** Whether it is one of ours that nobody is asked about any more: its run was killed before it could remove it. */
export function isAbandoned(name: string, now: Date): boolean {
  const time = /^riglet-[0-9a-f]{12}-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\d{3})?Z$/.exec(name)
  if (time === null) return false
  const [year, month, day, hours, minutes, seconds] = time.slice(1)
  return now.getTime() - Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`) > hour
}
