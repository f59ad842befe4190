import { RigletError } from '../../scripts/core/errors.ts'
import { anObject, readJson } from '../../scripts/core/json.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { demoSource } from '../source.ts'
import { shortened, typed } from './screens.ts'

export type Variables = Readonly<Record<string, string>>
type ToolPorts = Pick<Ports, 'processes' | 'terminal'>

/** How a command has to end, and what is shown of it. */
export type Expected = {
  /** It has to end with a failure. */
  readonly fails?: true
  /** What has to stand in its words, of both outputs. */
  readonly says?: readonly RegExp[]
  /** Which lines are shown; undefined: the last ones of standard output. */
  readonly shows?: RegExp
}

export type Tools = {
  readonly say: (text: string) => void
  /** A target, as a person types it; returns its standard output, and throws where it ends otherwise than expected. */
  readonly make: (words: readonly string[], expected?: Expected) => Promise<string>
  /** The same without a word of it. */
  readonly ask: (...words: readonly string[]) => Promise<string>
  /** The aws command, with these variables; what it answers. */
  readonly aws: <Answer>(env: Variables, ...words: readonly string[]) => Promise<Answer>
}

export function makeTools(env: Variables, { processes, terminal }: ToolPorts): Tools {
  const run = async (words: readonly string[]) =>
    processes.run('make', ['-s', ...words], { cwd: demoSource, env: { ...env, NO_COLOR: '1' } })
  return {
    say: terminal.say,
    make: async (words, { fails, says = [], shows } = {}) => {
      const { code, stdout, stderr } = await run(words)
      const all = `${stderr}\n${stdout}`
      const lines = (shows === undefined ? stdout : all).split('\n').filter((line) => line.trim() !== '')
      // In one piece: commands run side by side, and their words must not mix.
      terminal.say(`\n${[typed(['make', ...words]), ...shortened(lines, shows)].join('\n')}`)
      const wrong = [
        ...((code !== 0) === (fails === true) ? [] : [fails === true ? 'ended well' : `ended with ${code}`]),
        ...says.filter((pattern) => !pattern.test(all)).map((pattern) => `does not say ${pattern}`),
      ]
      if (wrong.length > 0) throw notAsPromised(`make ${words.join(' ')}`, wrong, all)
      return stdout
    },
    ask: async (...words) => {
      const { code, stdout, stderr } = await run(words)
      if (code !== 0) throw notAsPromised(`make ${words.join(' ')}`, [`ended with ${code}`], stderr)
      return stdout
    },
    aws: async <Answer>(more: Variables, ...words: readonly string[]) => {
      const { code, stdout, stderr } = await processes.run('aws', [...words, '--output', 'json'], {
        cwd: demoSource,
        env: { ...env, ...more, AWS_PAGER: '' },
      })
      if (code !== 0) throw notAsPromised(`aws ${words.slice(0, 2).join(' ')}`, [`ended with ${code}`], stderr)
      // Some commands answer nothing, `deploy` answers no JSON.
      return (/^\s*[{[]/.test(stdout) ? await readJson(`aws ${words[1]}`, stdout, anObject<Answer>()) : {}) as Answer
    },
  }
}

const notAsPromised = (command: string, wrong: readonly string[], words: string): RigletError =>
  new RigletError(
    'TOOL_FAILED',
    `${command} ${wrong.join(', and ')}.\n${words.trim()}`,
    'Everything stays up to be looked at; `make demo-down` removes it.',
  )
