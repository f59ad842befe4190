import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly timedOut: boolean }

/**
 * Runs a command without a terminal's input and hands over its lines as they come. It is killed, with what it started,
 * after `seconds`: a test that hangs is a failure and not a run without end.
 */
export const lines = async (
  command: readonly string[],
  seconds: number,
  onLine: (line: string, stream: 'stdout' | 'stderr') => void,
  env: Readonly<Record<string, string>> = {},
): Promise<Exit> => {
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  })
  const killGroup = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-child.pid!, signal)
    } catch {
      // It has ended by itself.
    }
  }
  let stopped = false
  const interrupted = (): void => {
    stopped = true
    killGroup('SIGINT')
  }
  process.once('SIGINT', interrupted)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killGroup('SIGTERM')
    setTimeout(() => killGroup('SIGKILL'), 10_000).unref()
  }, seconds * 1000)
  createInterface({ input: child.stdout }).on('line', (line) => onLine(line, 'stdout'))
  createInterface({ input: child.stderr }).on('line', (line) => onLine(line, 'stderr'))
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal, timedOut }))
    })
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', interrupted)
    if (stopped) process.exit(130)
  }
}
