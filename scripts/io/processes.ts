import type { Processes } from '../core/ports/local/processes.ts'
import { interrupted } from '../core/errors.ts'

/** zx quotes arguments and kills the whole tree; it costs a tenth of a second, so it is loaded when something runs. */
export const makeProcesses = (root: string, signal: AbortSignal): Processes => ({
  run: async (command, args, options = {}) => {
    const { $ } = await import('zx')
    const child = $({
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env } as NodeJS.ProcessEnv,
      nothrow: true,
      quiet: true,
      signal,
      // An empty input is none to zx, and the command would wait for one.
      ...(options.input === '' ? { stdio: ['ignore', 'pipe', 'pipe'] } : {}),
      ...(options.input === undefined ? {} : { input: options.input }),
    })`${command} ${args}`
    if (options.show) {
      child.stdout.pipe(process.stderr, { end: false })
      child.stderr.pipe(process.stderr, { end: false })
    }
    const output = await child
    if (signal.aborted) throw interrupted()
    return { code: output.exitCode ?? 1, stdout: output.stdout, stderr: output.stderr }
  },
})
