import { interrupted } from '../core/errors.ts'

/**
 * Standard input, but for its errors: a terminal that was closed fails at every touch, and readline would throw that
 * where nobody can catch it. What ends the run then is the signal that comes with it.
 */
function quietInput(): NodeJS.ReadStream {
  const { stdin } = process
  if (stdin.listenerCount('error', ignore) === 0) stdin.on('error', ignore)
  const on = (event: string, listener: () => void): unknown => (event === 'error' ? stdin : stdin.on(event, listener))
  return new Proxy(stdin, {
    get: (_, name): unknown => {
      const value: unknown = name === 'on' ? on : Reflect.get(stdin, name)
      return typeof value === 'function' ? (value.bind(stdin) as unknown) : value
    },
  })
}

const ignore = (): void => undefined

/**
 * Prompts are status too: they go to standard error, so that standard output stays data. Inquirer answers Ctrl-C, but
 * leaves other signals to whoever else listens to them, and never answers once its input has ended (Ctrl-D): then the
 * process would end in the middle, and what waits for the answer could not tidy up.
 * @throws RigletError INTERRUPTED
 */
export async function prompt<Answer>(question: Record<string, unknown>, signal: AbortSignal): Promise<Answer> {
  const { default: inquirer } = await import('inquirer')
  const ended = new AbortController()
  const end = (): void => ended.abort()
  process.once('beforeExit', end)
  try {
    const ask = inquirer.createPromptModule({
      input: quietInput(),
      output: process.stderr,
      signal: AbortSignal.any([signal, ended.signal]),
    })
    const answers: { answer?: unknown } = await ask([{ ...question, name: 'answer' } as never])
    return answers.answer as Answer
  } catch (error) {
    if (error instanceof Error && /^(?:Exit|Abort)PromptError$/.test(error.name)) throw interrupted()
    throw error
  } finally {
    process.off('beforeExit', end)
  }
}
