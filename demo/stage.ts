import { RigletError } from '../scripts/core/errors.ts'
import type { Ports } from '../scripts/core/ports/ports.ts'
import { heading } from './screens.ts'
import { demoSource } from './source.ts'

export type Stage = {
  /** Runs a target in the demo's repository as a user would, its output to the screen; returns its standard output. */
  readonly make: (...words: string[]) => Promise<string>
  /** The same without showing it. */
  readonly ask: (...words: string[]) => Promise<string>
  readonly timed: <Result>(title: string, work: () => Promise<Result>) => Promise<Result>
  readonly seconds: Readonly<Record<string, number>>
}

/** The demo's means: the Makefile, against the rehearsal that `env` names. */
export function makeStage(
  env: Readonly<Record<string, string>>,
  ports: Pick<Ports, 'processes' | 'terminal' | 'clock'>,
): Stage {
  const seconds: Record<string, number> = {}
  const run = async (words: readonly string[], show: boolean): Promise<string> => {
    if (show) ports.terminal.say(`\n$ make ${words.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' ')}`)
    const { code, stdout, stderr } = await ports.processes.run('make', ['-s', ...words], { cwd: demoSource, env, show })
    if (code === 0) return stdout
    throw new RigletError(
      'TOOL_FAILED',
      `make ${words[0]} failed${show ? '; its words stand above' : `: ${stderr.trim()}`}`,
      'Everything stays up to be looked at; `make demo-down` removes it.',
    )
  }
  return {
    make: (...words) => run(words, true),
    ask: (...words) => run(words, false),
    timed: async (title, work) => {
      ports.terminal.say(heading(title))
      const began = ports.clock.now().getTime()
      const result = await work()
      seconds[title] = (ports.clock.now().getTime() - began) / 1000
      return result
    },
    seconds,
  }
}
