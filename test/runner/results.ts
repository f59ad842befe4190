import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'

/** One test as it ended. `seconds` is wall time. */
export type Result = {
  readonly title: string
  readonly state: 'passed' | 'failed'
  readonly seconds: number
  readonly error?: string
}

/** What one suite (a process of mocha or pytest) reported. */
export type Suite = { readonly name: string; readonly results: readonly Result[] }

const folder = 'out/test'

export const passed = (suites: readonly Suite[]): number => count(suites, 'passed')
export const failed = (suites: readonly Suite[]): number => count(suites, 'failed')

/** Names of the suites that a second try is about. */
export const withFailures = (suites: readonly Suite[]): readonly string[] =>
  suites.filter((suite) => failed([suite]) > 0).map(({ name }) => name)

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
