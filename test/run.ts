/**
 * Runs the tests: `node test/run.ts all|unit|parts|contract|journeys`, with JOURNEY=words and MATCH=words to narrow it;
 * `again` runs the files that failed the last time, and names what passes now as unstable.
 * Progress goes to stdout a test a line; the last line is always `N passed, N failed`.
 */
import { availableParallelism } from 'node:os'
import { longestFirst } from './runner/order.ts'
import { pool } from './runner/pool.ts'
import {
  failed,
  failedFiles,
  forget,
  load,
  save,
  toKeep,
  triedAgain,
  unstable,
  verdict,
  type Result,
  type Suite,
} from './runner/results.ts'
import { stages, suitesOf, type Named, type Stage } from './runner/stages.ts'

const line = (text: string): void => void process.stdout.write(`${text}\n`)
const indent = (text: string): string => text.replaceAll(/^/gm, '         ')
const duration = (seconds: number): string => (seconds < 1 ? '' : ` (${seconds.toFixed(1)} s)`)

const all = ({ state, title, seconds, error }: Result): void => {
  line(`  ${state === 'passed' ? 'ok    ' : 'FAILED'} ${title}${duration(seconds)}`)
  if (error !== undefined) line(indent(error))
}
const failures = (result: Result): void => (result.state === 'failed' ? all(result) : undefined)
const tell = { all, failures, line }

const given = (name: 'MATCH' | 'JOURNEY'): string | undefined => process.env[name] || undefined
const match = given('MATCH')
const journey = given('JOURNEY')
const narrowed = { ...(match === undefined ? {} : { match }), ...(journey === undefined ? {} : { journey }) }

/** Tests wait as long as they work: two at a time for each processor and one more, and no more than memory holds. */
const lanes = Math.min(2 * availableParallelism() + 1, 5)

/** Unit tests first, since they tell most in least time; then all that waits, the longest first, whatever its kind. */
const groupsOf = (word: string): readonly (readonly Stage[])[] => {
  const stage = stages.find((one) => one === word)
  return stage === undefined ? [['unit'], ['parts', 'contract', 'journeys']] : [[stage]]
}

const inTime = async (name: string, run: () => Promise<Suite>): Promise<Suite> => {
  const began = Date.now()
  const suite = await run()
  line(`  ${name}: ${verdict([suite]).line} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
  return suite
}

const runGroup = async (group: readonly Stage[], before: readonly Suite[] | undefined): Promise<readonly Suite[]> => {
  const found = longestFirst((await Promise.all(group.map((stage) => suitesOf(stage, tell, narrowed)))).flat())
  const again = ({ name, run }: Named): (() => Promise<Suite>)[] => {
    if (before === undefined) return [() => inTime(name, run)]
    const last = before.find((suite) => suite.name === name)
    if (last === undefined || failed([last]) === 0) return []
    const files = failedFiles(last)
    return [async () => triedAgain(last, await inTime(name, () => run(files)), files)]
  }
  return pool(lanes, found.flatMap(again))
}

const main = async (word: string): Promise<boolean> => {
  if (word === 'all' && match === undefined) await forget()
  const before = word === 'again' ? await load() : undefined
  const suites: Suite[] = []
  for (const group of groupsOf(word)) {
    const began = Date.now()
    line(group.join(', '))
    const made = await runGroup(group, before)
    await Promise.all(toKeep(made, match).map(save))
    line(`  ${verdict(made).line} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
    suites.push(...made)
  }
  const named = unstable(before ?? [], suites)
  if (named.length > 0) line(`Unstable: failed once, and passed when tried again:\n${named.map(indent).join('\n')}`)
  const { line: last, ok } = verdict(suites)
  line(last)
  return ok
}

process.exitCode = (await main(process.argv[2] ?? 'all')) ? 0 : 1
