/**
 * Runs the tests: `node test/run.ts all|unit|contract|journeys`, with JOURNEY=words and MATCH=words to narrow it; `again`
 * runs the suites that failed the last time, whole.
 * Progress goes to stdout a test a line; the last line is always `N passed, N failed`.
 */
import { glob } from 'node:fs/promises'
import { mocha } from './runner/mocha.ts'
import { pool } from './runner/pool.ts'
import { pytest } from './runner/pytest.ts'
import { forget, load, save, toKeep, verdict, withFailures, type Result, type Suite } from './runner/results.ts'

const say = (line: string): boolean => process.stdout.write(`${line}\n`)
const indent = (text: string): string => text.replaceAll(/^/gm, '         ')
const duration = (seconds: number): string => (seconds < 1 ? '' : ` (${seconds.toFixed(1)} s)`)

const tellAll = ({ state, title, seconds, error }: Result): void => {
  say(`  ${state === 'passed' ? 'ok    ' : 'FAILED'} ${title}${duration(seconds)}`)
  if (error !== undefined) say(indent(error))
}
const tellFailures = (result: Result): void => (result.state === 'failed' ? tellAll(result) : undefined)

const find = async (...patterns: readonly string[]): Promise<readonly string[]> =>
  (await Array.fromAsync(glob([...patterns]))).sort()

const match = process.env['MATCH']
const narrowed: { readonly match?: string } = match === undefined || match === '' ? {} : { match }

/** Which suites run, by their names: all, but for `again`. */
let isWanted = (_name: string): boolean => true
type Named = readonly [name: string, run: (name: string) => Promise<Suite>]
const tasks = (named: readonly Named[]): (() => Promise<Suite>)[] =>
  named.flatMap(([name, run]) => (isWanted(name) ? [() => run(name)] : []))

const unit = async (): Promise<readonly Suite[]> => {
  const files = (await find('test/**/*.test.ts')).filter((file) => !/^test\/(contract|journeys)\//.test(file))
  const options = { seconds: 600, tell: tellFailures, ...narrowed }
  const areas = await find('rehearsal/tests/*/')
  const shards = Array.from({ length: 4 }, (_, shard) => areas.filter((_area, index) => index % 4 === shard))
  const named: readonly Named[] = [
    ['unit', (name) => mocha(name, files, options)],
    ...shards.map((folders, shard): Named => [`rehearsal ${shard + 1}`, (name) => pytest(name, folders, options)]),
  ]
  return pool(2, tasks(named))
}

const contract = async (): Promise<readonly Suite[]> => {
  const options = { seconds: 900, tell: tellAll, ...narrowed }
  const files = await find('test/contract/**/*.test.ts')
  const python = (await find('test/contract/**/test_*.py')).length > 0 ? ['test/contract'] : []
  const named: readonly Named[] = [
    ['contract', (name) => mocha(name, files, options)],
    ['contract python', (name) => pytest(name, python, options)],
  ]
  return pool(1, tasks(named))
}

/** A journey is a file and a process of its own: one that breaks leaves the others' ground untouched. */
const journeys = async (): Promise<readonly Suite[]> => {
  const wanted = process.env['JOURNEY'] ?? ''
  const files = (await find('test/journeys/**/*.test.ts')).filter((file) => file.includes(wanted))
  if (files.length === 0) say(`  no journey is named like "${wanted}" in test/journeys`)
  // They wait more than they work: two side by side take little more than half the time.
  const named = files.map((file): Named => [
    `journey ${file.replace(/^test\/journeys\//, '').replace(/\.test\.ts$/, '')}`,
    (name) => {
      say(`  ${name}`)
      return mocha(name, [file], { seconds: 1800, tell: tellAll, ...narrowed })
    },
  ])
  return pool(2, tasks(named))
}

const stages = { unit, contract, journeys } as const
type Stage = keyof typeof stages
const isStage = (word: string): word is Stage => Object.hasOwn(stages, word)

const main = async (word: string): Promise<boolean> => {
  const wanted: readonly Stage[] = isStage(word) ? [word] : ['unit', 'contract', 'journeys']
  if (word === 'all' && narrowed.match === undefined) await forget()
  if (word === 'again') {
    const names = withFailures(await load())
    isWanted = (name) => names.includes(name)
  }
  const suites: Suite[] = []
  for (const stage of wanted) {
    const began = Date.now()
    say(`${stage}`)
    const made = await stages[stage]()
    await Promise.all(toKeep(made, narrowed.match).map(save))
    say(`  ${verdict(made).line} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
    suites.push(...made)
  }
  const { line, ok } = verdict(suites)
  say(line)
  return ok
}

process.exitCode = (await main(process.argv[2] ?? 'all')) ? 0 : 1
