/** A shell's way to tell which signal ended a command: 128 and its number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export type Interruption = {
  readonly signal: AbortSignal
  /** Of what ended the run; undefined while nothing did. */
  readonly exitCode: () => number | undefined
}

/** Milliseconds after which whoever pressed Ctrl-C wonders. */
const silence = 1_000

/**
 * Ctrl-C, a stopped build of CodeBuild (SIGTERM), a terminal that is closed (SIGHUP, or a write that fails) and a reader
 * that wants no more (`make plan-app | head`) end a run alike: whatever waits is woken, and removes what it would leave
 * behind. Only a second Ctrl-C cuts that short: the others may come several times over without anybody's impatience.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController()
  let code: number | undefined
  const end = (of: number): void => {
    code ??= of
    controller.abort()
  }

  process.on('SIGINT', () => {
    if (code === exitCodes.SIGINT) process.exit(code)
    end(exitCodes.SIGINT)
    const tell = (): void => void process.stderr.write('Stopping; what would be left behind is removed first.\n')
    setTimeout(tell, silence).unref()
  })
  process.on('SIGTERM', () => end(exitCodes.SIGTERM))
  process.on('SIGHUP', () => end(exitCodes.SIGHUP))
  process.stdout.on('error', ({ code: reason }: NodeJS.ErrnoException) =>
    end(reason === 'EPIPE' ? 0 : exitCodes.SIGHUP),
  )
  // Nobody hears what is said any more; the work goes on.
  process.stderr.on('error', () => undefined)
  return { signal: controller.signal, exitCode: () => code }
}
