import { flattened, folded } from './lines.ts'

/** So many reasons are told; more of them are the same one, over and over. */
const limit = 10

/**
 * Why Packer failed, a line a reason, first cause first. It is read from Packer's text: its machine-readable output cannot
 * tell a line's end from `\n` in a text, and before 1.10 it leaves sensitive variables unmasked.
 */
export function reasonsOf(lines: readonly string[]): readonly string[] {
  const found = [...new Set([...configurationFaults(lines), ...endings(lines), ...lastWords(lines), ...crashes(lines)])]
  const told = found.length > 0 ? found : lines.filter((line) => line.trim() !== '').slice(-3)
  return told.length <= limit ? told : [...told.slice(0, limit), `and ${told.length - limit} more`]
}

const nextBlock = /^(?:Error|Warning): |^(?:==>|-->) |^Build '/
const placeLine = /^ {2}on (.+?) line (\d+)(?:, in .*)?:$/

export type ConfigurationFault = { readonly where: string | undefined; readonly what: string }

/** Faults of the configuration: `Error: summary`, the place and the code there, and words below. */
export function faultsOf(lines: readonly string[]): readonly ConfigurationFault[] {
  return lines.flatMap((line, index) => {
    if (!line.startsWith('Error: ')) return []
    const block = [line.slice('Error: '.length), ...until(lines, index + 1, (next) => nextBlock.test(next))]
    const place = block.findIndex((inside) => placeLine.test(inside))
    const [, file, number] = placeLine.exec(block[place] ?? '') ?? []
    // The code stands right below its place, up to an empty line.
    const code = place < 0 ? [] : until(block, place, (next) => next.trim() === '')
    const text = [...block.slice(0, Math.max(place, 0)), ...block.slice(Math.max(place, 0) + code.length)]
    const where = file === undefined ? undefined : `${file}:${number}`
    return folded(text).map((what) => ({ where, what }))
  })
}

const configurationFaults = (lines: readonly string[]): string[] =>
  faultsOf(lines).map(({ where, what }) => (where === undefined ? what : `${where}: ${what}`))

/** What Packer repeats of each build at its end; of one that was cut off before that, what it said then. */
function endings(lines: readonly string[]): string[] {
  const summary = lines.findIndex((line) => /^==> Some builds didn't complete successfully/.test(line))
  const from = Math.max(summary, 0)
  const start = summary < 0 ? /^Build '.*?' errored after [^:]*: (.*)$/ : /^--> [^:]+: (.*)$/
  return lines.slice(from).flatMap((line, index) => {
    const first = start.exec(line)?.[1]
    if (first === undefined) return []
    const end = (next: string): boolean => /^(?:==>|-->) |^Build '|^ {4}[\w.-]+: /.test(next)
    return flattened([first, ...until(lines, from + index + 1, end)])
  })
}

/** A script's exit code alone tells nothing: what the machine said just before does. */
function lastWords(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => /^==> [\w.-]+: Provisioning step had errors/.test(line))
  if (end < 0 || !lines.some((line) => /Script exited with non-zero exit status/.test(line))) return []
  const begin = lines.slice(0, end).findLastIndex((line) => /^==> [\w.-]+: Provisioning with /.test(line))
  return lines
    .slice(begin + 1, end)
    .map((line) => line.replace(/^(?:==>|   ) [\w.-]+: ?/, '').trim())
    .filter((line) => line !== '')
    .slice(-3)
    .map((line) => `it said last: ${line}`)
}

/** A plugin that panics ends its build with `unexpected EOF`; the cause goes another way. */
const crashes = (lines: readonly string[]): string[] =>
  lines.flatMap((line, index) => {
    const cause = /^(?:\S+ \S+ (?:\S+ plugin: )?)?panic: (.*)$/.exec(line)?.[1]
    if (cause === undefined) return []
    const plugin = / (\S+) plugin: /.exec(lines.slice(index, index + 3).join('\n'))?.[1]
    return [`${plugin ?? 'Packer'} crashed: ${cause} (crash.log tells where)`]
  })

function until(lines: readonly string[], from: number, ends: (line: string) => boolean): readonly string[] {
  const length = lines.slice(from).findIndex(ends)
  return lines.slice(from, length < 0 ? undefined : from + length)
}
