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

/** Suites that begin with nothing installed: they stand beside the contract tests, which take as long. */
const clean = 'test/setup/clean/**/*.test.ts'

const match = process.env['MATCH']
const narrowed: { readonly match?: string } = match === undefined || match === '' ? {} : { match }

type Named = readonly [name: string, run: (name: string) => Promise<Suite>]

const unit = async (): Promise<readonly Named[]> => {
  const files = (await find('test/**/*.test.ts')).filter(
    (file) => !/^test\/(contract|journeys|setup\/clean)\//.test(file),
  )
  const options = { seconds: 600, tell: tellFailures, ...narrowed }
  const areas = await find('rehearsal/tests/*/')
  const shards = Array.from({ length: 4 }, (_, shard) => areas.filter((_area, index) => index % 4 === shard))
  return [
    ['unit', (name) => mocha(name, files, options)],
    ...shards.map((folders, shard): Named => [`rehearsal ${shard + 1}`, (name) => pytest(name, folders, options)]),
  ]
}

const contract = async (): Promise<readonly Named[]> => {
  const options = { seconds: 900, tell: tellAll, ...narrowed }
  const files = await find('rehearsal/contract/**/*.test.ts', 'test/contract/**/*.test.ts')
  const cleanFiles = await find(clean)
  return [
    ['contract', (name) => mocha(name, files, options)],
    ['clean set-up', (name) => mocha(name, cleanFiles, { ...options, seconds: 1800 })],
  ]
}

/** A journey is a file and a process of its own: one that breaks leaves the others' ground untouched. */
const journeys = async (): Promise<readonly Named[]> => {
  const wanted = process.env['JOURNEY'] ?? ''
  const files = (await find('test/journeys/**/*.test.ts')).filter((file) => file.includes(wanted))
  if (files.length === 0) say(`  no journey is named like "${wanted}" in test/journeys`)
  return files.map((file): Named => [
    `journey ${file.replace(/^test\/journeys\//, '').replace(/\.test\.ts$/, '')}`,
    (name) => {
      say(`  ${name}`)
      return mocha(name, [file], { seconds: 1800, tell: tellAll, ...narrowed })
    },
  ])
}

const stages = { unit, contract, journeys } as const
type Stage = keyof typeof stages
const isStage = (word: string): word is Stage => Object.hasOwn(stages, word)

const main = async (word: string): Promise<boolean> => {
  const wanted: readonly Stage[] = isStage(word) ? [word] : ['unit', 'contract', 'journeys']
  if (word === 'all' && narrowed.match === undefined) await forget()
  // All suites, but for `again`.
  const names = word === 'again' ? withFailures(await load()) : undefined
  const suites: Suite[] = []
  for (const stage of wanted) {
    const began = Date.now()
    say(`${stage}`)
    const named = (await stages[stage]()).filter(([name]) => names === undefined || names.includes(name))
    // They wait more than they work: two side by side take little more than half the time.
    const made = await pool(
      2,
      named.map(([name, run]) => run.bind(undefined, name)),
    )
    await Promise.all(toKeep(made, narrowed.match).map(save))
    say(`  ${verdict(made).line} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
    suites.push(...made)
  }
  const { line, ok } = verdict(suites)
  say(line)
  return ok
}

process.exitCode = (await main(process.argv[2] ?? 'all')) ? 0 : 1
