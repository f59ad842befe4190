import { mkdir, readFile, rm } from 'node:fs/promises'
import { lines } from './process.ts'
import type { Result, Suite } from './results.ts'

/** One line of the report that test/runner/pytest_report.py writes. */
type Reported = {
  readonly title: string
  readonly file: string
  readonly passed: boolean
  readonly seconds: number
  readonly error: string
}

/** Runs pytest on folders or files; its results come through a plugin, its own words are shown only if it fails. */
export const pytest = async (
  name: string,
  folders: readonly string[],
  options: {
    readonly seconds: number
    readonly match?: string
    /** An expression of marks: `not server`. */
    readonly marked: string
    readonly tell: (result: Result) => void
  },
): Promise<Suite> => {
  if (folders.length === 0) return { name, results: [] }
  const report = `out/test-${process.pid}-${name.replaceAll(' ', '-')}.jsonl`
  await mkdir('out', { recursive: true })
  const heard: string[] = []
  const match = options.match === undefined ? [] : ['-k', options.match]
  const plugin = ['-p', 'pytest_report', '--results', report]
  const command = [
    'env',
    'PYTHONPATH=test/runner',
    'python',
    '-m',
    'pytest',
    '--tb=short',
    '-m',
    options.marked,
    ...plugin,
    ...match,
    ...folders,
  ]
  const exit = await lines(command, options.seconds, (line) => heard.push(line))
  const text = await readFile(report, 'utf8').catch(() => '')
  await rm(report, { force: true })
  const results = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => toResult(JSON.parse(line) as Reported))
  // 5: no test was selected, which only the whole run's verdict can judge.
  const trusted = exit.code === 0 || exit.code === 5 || results.some((result) => result.state === 'failed')
  if (exit.timedOut || !trusted) {
    const why = exit.timedOut ? 'took too long and was killed' : `pytest ended with ${exit.code ?? 'a signal'}`
    results.push({ title: `${name}: ${why}`, state: 'failed', seconds: 0, error: heard.slice(-40).join('\n') })
  }
  results.forEach(options.tell)
  return { name, results }
}

const toResult = ({ passed, error, ...result }: Reported): Result =>
  passed ? { ...result, state: 'passed' } : { ...result, state: 'failed', error }
