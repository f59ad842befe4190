import { relative } from 'node:path'
import { lines } from './process.ts'
import type { Result, Suite } from './results.ts'

type Event = readonly [
  'start' | 'pass' | 'fail' | 'end',
  {
    readonly fullTitle?: string
    readonly file?: string
    readonly duration?: number
    readonly err?: string
    readonly stack?: string
  },
]

const asEvent = (line: string): Event | undefined => {
  if (!/^\["(start|pass|fail|end)",/.test(line)) return undefined
  try {
    return JSON.parse(line) as Event
  } catch {
    return undefined
  }
}

/** Why a process is not to be trusted although no test of it failed; undefined if all is well. */
const broken = (
  results: readonly Result[],
  code: number | null,
  timedOut: boolean,
  ended: boolean,
): string | undefined => {
  if (timedOut) return 'took too long and was killed'
  if (code === 0 && !ended) return 'ended before its last test'
  if (code !== 0 && !results.some((result) => result.state === 'failed'))
    return `mocha ended with ${code ?? 'a signal'}`
  return undefined
}

export type Options = {
  readonly seconds: number
  readonly match?: string
  /** Milliseconds that a test may take which says nothing else. */
  readonly timeout?: number
  readonly env?: Readonly<Record<string, string>>
  readonly tell: (result: Result) => void
  /** For what is no result; to standard error unless said otherwise. */
  readonly say?: (line: string) => void
}

const toStandardError = (line: string): void => void process.stderr.write(`      ${line}\n`)

/** Runs test files in one process of mocha and tells each result as it comes. */
export const mocha = async (name: string, files: readonly string[], options: Options): Promise<Suite> => {
  if (files.length === 0) return { name, results: [] }
  const results: Result[] = []
  const add = (result: Result): void => {
    results.push(result)
    options.tell(result)
  }
  const { say = toStandardError } = options
  const heard: string[] = []
  let ended = false
  const match = options.match === undefined ? [] : ['--grep', options.match]
  const timeout = options.timeout === undefined ? [] : ['--timeout', String(options.timeout)]
  const command = ['mocha', '--reporter', 'json-stream', ...timeout, ...match, ...files]
  const hear = (line: string, stream: 'stdout' | 'stderr'): void => {
    const event = stream === 'stdout' ? asEvent(line) : undefined
    if (event === undefined) {
      heard.push(line)
      say(line)
      return
    }
    const [type, test] = event
    if (type === 'end') ended = true
    const file = test.file === undefined ? {} : { file: relative('.', test.file) }
    const common = { title: test.fullTitle ?? '', seconds: (test.duration ?? 0) / 1000, ...file }
    if (type === 'pass') add({ ...common, state: 'passed' })
    if (type === 'fail') add({ ...common, state: 'failed', error: test.stack ?? test.err ?? 'no reason given' })
  }
  const exit = await lines(command, options.seconds, hear, options.env)
  const why = broken(results, exit.code, exit.timedOut, ended)
  if (why !== undefined) {
    add({ title: `${name}: ${why}`, state: 'failed', seconds: 0, error: heard.slice(-30).join('\n') })
  }
  return { name, results }
}
