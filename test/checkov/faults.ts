/** What is wrong with Checkov's findings on templates, and with the skips in them. */

/** One word of Checkov's on one resource. `from` and `to`: the resource's lines. */
export type Record = {
  readonly file: string
  readonly check: string
  readonly resource: string
  readonly words: string
  readonly from: number
  readonly to: number
}
export type Skipped = Record & { readonly reason: string }
export type Report = {
  /** Templates of which Checkov looked at a resource. */
  readonly read: readonly string[]
  readonly failed: readonly Record[]
  readonly skipped: readonly Skipped[]
  /** What would fail without any skip. */
  readonly failedWithoutSkips: readonly Record[]
}

/** Checkov puts words of its own where a skip has none. */
const noReason = /^(?:no comment provided)?$/i

/** Every fault, each with its place and what to do. `texts` are the templates by name. */
export const faultsOf = (report: Report, texts: ReadonlyMap<string, string>): readonly string[] =>
  [...texts].flatMap(([file, text]) => {
    const here = <T extends Record>(records: readonly T[]): readonly T[] => records.filter((one) => one.file === file)
    const skipped = here(report.skipped)
    const needed = new Set(here(report.failedWithoutSkips).map(key))
    return [
      ...(report.read.includes(file) ? [] : [`${file}: Checkov finds no resource in it; is it a template?`]),
      ...here(report.failed).map(
        (one) =>
          `${where(one)}: ${one.check}, ${one.words}. Mend it, or say below its Type why not: # checkov:skip=${one.check}:why`,
      ),
      ...skipped
        .filter(({ reason }) => noReason.test(reason.trim()))
        .map(
          (one) => `${where(one)}: ${one.check} is skipped without a reason. Say it: # checkov:skip=${one.check}:why`,
        ),
      ...skipped
        .filter((one) => !needed.has(key(one)))
        .map((one) => `${where(one)}: ${one.check} is skipped and finds nothing here. Take the skip out.`),
      ...skipsIn(text)
        .filter(({ line, check }) => !skipped.some((one) => one.check === check && one.from <= line && line <= one.to))
        .map(
          ({ line, check }) =>
            `${file}:${line}: this skip of ${check} is about no resource that Checkov asks it of. It belongs below the Type of its resource.`,
        ),
    ]
  })

const key = ({ check, resource }: Record): string => `${check} ${resource}`

const where = ({ file, from, resource }: Record): string => `${file}:${from} ${resource}`

const skipsIn = (text: string): readonly { readonly line: number; readonly check: string }[] =>
  text
    .split('\n')
    .flatMap((words, index) =>
      [...words.matchAll(/\b(?:checkov|bridgecrew|cortex):skip=\s*([\w,-]*)/g)].flatMap(([, checks = '']) =>
        checks.split(',').map((check) => ({ line: index + 1, check })),
      ),
    )
