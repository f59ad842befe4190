import { createHash } from 'node:crypto'

/** A rule of a load balancer's listener; the default one has no number and is none of these. */
export type ListenerRule = {
  readonly arn: string
  /** 1 to 50000; the lowest number is asked first. */
  readonly priority: number
  /** All of them must hold: `host-header`, `path-pattern` and others, each with the values that it takes. */
  readonly conditions: readonly { readonly field: string; readonly values: readonly string[] }[]
  readonly targetGroups: readonly string[]
}

export type Placed =
  | { readonly type: 'free'; readonly priority: number }
  /** That rule answers for the very same requests. */
  | { readonly type: 'taken'; readonly by: ListenerRule }
  /** No number is free before a rule that would take this one's requests, or behind one whose requests this would take. */
  | { readonly type: 'no room'; readonly side: 'before' | 'behind'; readonly of: ListenerRule }

/** The hosts that a rule takes all requests of; empty where it looks at more than the host. */
function hostsOf({ conditions }: ListenerRule): readonly string[] {
  const [only, ...more] = conditions.filter(({ field, values }) => field !== 'path-pattern' || !values.some(isAny))
  if (only === undefined) return [anyHost]
  return only.field === 'host-header' && more.length === 0 ? only.values.map((host) => host.toLowerCase()) : []
}
const isAny = (path: string): boolean => path === '/*' || path === '*'
const anyHost = '*'

/** Whether a host, which may have wildcards, takes in another one with all that it stands for. */
const covers = (wide: string, narrow: string): boolean => {
  const source = [...wide].map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one.replace(/[^a-z0-9]/, '\\$&')))
  return new RegExp(`^${source.join('')}$`).test(narrow)
}

/** Exact hosts, hosts with wildcards, any host: each kind has numbers of its own, so that a later narrower one finds room. */
const bandOf = (host: string): readonly [number, number] =>
  host === anyHost ? [45_000, 50_000] : /[*?]/.test(host) ? [40_000, 44_999] : [1, 39_999]

/**
 * The number of an app's rule among the others of its listener: behind every rule that is narrower, before every wider
 * one. `kept` stays where it fits; a new one begins at a number of the app's own, so that two apps that come at once, or
 * one that comes again, do not meet. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export function placeRule(rules: readonly ListenerRule[], app: string, host: string, kept?: number): Placed {
  const own = host === '' ? anyHost : host.toLowerCase()
  const taken = rules.find((rule) => hostsOf(rule).includes(own))
  if (taken !== undefined) return { type: 'taken', by: taken }
  const ordered = rules.toSorted((one, other) => one.priority - other.priority)
  const wider = ordered.find((rule) => hostsOf(rule).some((other) => covers(other, own)))
  const to = (wider?.priority ?? 50_001) - 1
  // A narrower one that stands behind a wider one gets no requests as it is.
  const narrower = ordered.findLast((rule) => rule.priority <= to && hostsOf(rule).some((other) => covers(own, other)))
  const from = (narrower?.priority ?? 0) + 1
  const used = new Set(rules.map(({ priority }) => priority))
  if (kept !== undefined && kept >= from && kept <= to && !used.has(kept)) return { type: 'free', priority: kept }
  const [low, high] = bandOf(own)
  const priority = freeIn(Math.max(low, from), Math.min(high, to), app, used) ?? freeIn(from, to, app, used)
  if (priority !== undefined) return { type: 'free', priority }
  const [side, of] = wider === undefined ? (['behind', narrower!] as const) : (['before', wider] as const)
  return { type: 'no room', side, of }
}

/** The app's own number of these, or the next one. */
function freeIn(from: number, to: number, app: string, used: ReadonlySet<number>): number | undefined {
  const size = to - from + 1
  if (size < 1) return undefined
  const start = createHash('sha256').update(app).digest().readUInt32BE(0) % size
  for (let step = 0; step < size; step += 1) {
    const number = from + ((start + step) % size)
    if (!used.has(number)) return number
  }
  return undefined
}
