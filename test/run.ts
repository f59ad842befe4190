/**
 * Runs the tests: `node test/run.ts all|unit|contract|journeys`, with JOURNEY=words and MATCH=words to narrow it.
 * Progress goes to stdout a test a line; the last line is always `N passed, N failed`.
 */
import { glob } from 'node:fs/promises'
import { mocha } from './runner/mocha.ts'
import { pool } from './runner/pool.ts'
import { pytest } from './runner/pytest.ts'
import { forget, save, toKeep, verdict, type Result, type Suite } from './runner/results.ts'

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

const unit = async (): Promise<readonly Suite[]> => {
  const files = (await find('test/**/*.test.ts')).filter((file) => !/^test\/(contract|journeys)\//.test(file))
  const options = { seconds: 600, tell: tellFailures, ...narrowed }
  const areas = await find('rehearsal/tests/*/')
  const shards = Array.from({ length: 4 }, (_, shard) => areas.filter((_area, index) => index % 4 === shard))
  return pool(2, [
    () => mocha('unit', files, options),
    ...shards.map((folders, shard) => () => pytest(`rehearsal ${shard + 1}`, folders, options)),
  ])
}

const contract = async (): Promise<readonly Suite[]> => {
  const options = { seconds: 900, tell: tellAll, ...narrowed }
  const typescript = await mocha('contract', await find('test/contract/**/*.test.ts'), options)
  const python = (await find('test/contract/**/test_*.py')).length > 0 ? ['test/contract'] : []
  return [typescript, await pytest('contract python', python, options)]
}

/** A journey is a file and a process of its own: one that breaks leaves the others' ground untouched. */
const journeys = async (): Promise<readonly Suite[]> => {
  const wanted = process.env['JOURNEY'] ?? ''
  const files = (await find('test/journeys/**/*.test.ts')).filter((file) => file.includes(wanted))
  if (files.length === 0) say(`  no journey is named like "${wanted}" in test/journeys`)
  // They wait more than they work: two side by side take little more than half the time.
  return pool(
    2,
    files.map((file) => () => {
      const name = `journey ${file.replace(/^test\/journeys\//, '').replace(/\.test\.ts$/, '')}`
      say(`  ${name}`)
      return mocha(name, [file], { seconds: 1200, tell: tellAll, ...narrowed })
    }),
  )
}

const stages = { unit, contract, journeys } as const
type Stage = keyof typeof stages
const isStage = (word: string): word is Stage => Object.hasOwn(stages, word)

const main = async (word: string): Promise<boolean> => {
  const wanted: readonly Stage[] = isStage(word) ? [word] : ['unit', 'contract', 'journeys']
  if (word === 'all' && narrowed.match === undefined) await forget()
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
