import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

export type Timing = { readonly median: number; readonly fastest: number; readonly runs: number }

export type Options = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** The exit code that it should end with. */
  readonly code?: number
}

/** Runs a command to its end; fails with its own words. Returns its standard output and how long it took, in seconds. */
export function run(
  command: readonly string[],
  options: Options = {},
): { readonly out: string; readonly seconds: number } {
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), {
    encoding: 'utf8',
    cwd: options.cwd ?? '.',
    env: { ...process.env, ...options.env },
    maxBuffer: 1 << 28,
  })
  const seconds = (performance.now() - began) / 1000
  if (status !== (options.code ?? 0))
    throw new Error(`${command.join(' ')} ended with ${status ?? 'a signal'}:\n${stdout}${stderr}`)
  return { out: stdout, seconds }
}

/** Median and fastest of several runs, after one that is not counted. */
export function timed(command: readonly string[], runs: number, options: Options = {}): Timing {
  run(command, options)
  const all = Array.from({ length: runs }, () => run(command, options).seconds).sort((left, right) => left - right)
  return { median: all[Math.floor(all.length / 2)]!, fastest: all[0]!, runs }
}
