import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'

/** One test as it ended. `seconds` is wall time. */
export type Result = {
  readonly title: string
  readonly state: 'passed' | 'failed'
  readonly seconds: number
  /** Where it stands, if its runner tells. */
  readonly file?: string
  readonly error?: string
}

/** What one suite (a process of mocha or pytest) reported. */
export type Suite = { readonly name: string; readonly results: readonly Result[] }

const folder = 'out/test'

export const passed = (suites: readonly Suite[]): number => count(suites, 'passed')
export const failed = (suites: readonly Suite[]): number => count(suites, 'failed')

/**
 * What a second try of a suite is about: the files with failures, or undefined for the whole suite where a failure has no
 * file: it was in none of them. A file is the least that stands by itself: its tests go on from each other.
 */
export const failedFiles = ({ results }: Suite): readonly string[] | undefined => {
  const files = results.flatMap(({ state, file }) => (state === 'failed' ? [file] : []))
  return files.every((file) => file !== undefined) ? [...new Set(files)].sort() : undefined
}

/** A suite after a second try of some of its files: the rest of it stands. */
export const triedAgain = (before: Suite, again: Suite, files: readonly string[] | undefined): Suite => {
  const stands = before.results.filter(({ file }) => files !== undefined && !files.includes(file ?? ''))
  return { ...before, results: [...stands, ...again.results] }
}

/** Titles that failed and then passed: nothing had changed between. */
export const unstable = (before: readonly Suite[], after: readonly Suite[]): readonly string[] => {
  const passing = new Set(after.flatMap(({ results }) => results.filter(isPassed).map(({ title }) => title)))
  return before.flatMap(({ results }) =>
    results.filter((result) => !isPassed(result)).flatMap(({ title }) => (passing.has(title) ? [title] : [])),
  )
}

const isPassed = ({ state }: Result): boolean => state === 'passed'

const count = (suites: readonly Suite[], state: Result['state']): number =>
  suites.flatMap((suite) => suite.results).filter((result) => result.state === state).length

/** The run's last line, and whether it is a success: a run in which nothing ran proves nothing. */
export const verdict = (suites: readonly Suite[]): { readonly line: string; readonly ok: boolean } => ({
  line: `${passed(suites)} passed, ${failed(suites)} failed`,
  ok: failed(suites) === 0 && passed(suites) > 0,
})

/** What a run has to say to `make requirements`: a part of a suite would hide what the whole of it proved. */
export const toKeep = (suites: readonly Suite[], match: string | undefined): readonly Suite[] =>
  match === undefined ? suites.filter((suite) => suite.results.length > 0) : []

/** Results are kept a suite a file, so that `make requirements` can read them after partial runs, too. */
export const save = async (suite: Suite): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(`${folder}/${fileName(suite.name)}.json`, JSON.stringify(suite, null, 1) + '\n')
}

/** A run of everything begins without yesterday's results. */
export const forget = async (): Promise<void> => rm(folder, { recursive: true, force: true })

export const load = async (): Promise<readonly Suite[]> => {
  const files = await readdir(folder).catch(() => [])
  const suites = files.filter((file) => file.endsWith('.json')).sort()
  return Promise.all(suites.map(async (file) => JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as Suite))
}

const fileName = (name: string): string => name.replaceAll(/[^a-z0-9]+/gi, '-')
