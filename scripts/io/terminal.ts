import { interrupted, notConfirmed } from '../core/catalogue/settings.ts'
import type { Terminal } from '../core/ports.ts'
import { makeMask } from './mask.ts'

export type TerminalOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Yes was said beforehand. */
  readonly yes: boolean
}

/** Prompts are status too: they go to standard error, so that standard output stays data. */
async function prompt<Answer>(question: Record<string, unknown>): Promise<Answer> {
  const { default: inquirer } = await import('inquirer')
  try {
    const ask = inquirer.createPromptModule({ output: process.stderr })
    const answers: { answer?: unknown } = await ask([{ ...question, name: 'answer' } as never])
    return answers.answer as Answer
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw interrupted()
    throw error
  }
}

/** Data to standard output, status to standard error; no cursor tricks off a terminal; secrets are masked. */
export function makeTerminal({ environment, yes }: TerminalOptions): Terminal {
  const mask = makeMask(environment)
  const live = process.stderr.isTTY === true && environment['TERM'] !== 'dumb'
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true
  let block: readonly string[] = []

  const clear = (): void => {
    if (block.length > 0) process.stderr.write(`\u001b[${block.length}A\u001b[J`)
  }
  const draw = (): void => {
    const width = (process.stderr.columns || 80) - 1
    for (const line of block) process.stderr.write(`${mask(line).slice(0, width)}\n`)
  }

  return {
    interactive,
    columns: Math.max(60, process.stdout.columns || 80),
    colour: process.stdout.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb',
    show: (text) => {
      clear()
      process.stdout.write(`${mask(text)}\n`)
      draw()
    },
    say: (text) => {
      clear()
      process.stderr.write(`${mask(text)}\n`)
      draw()
    },
    progress: (lines) => {
      if (!live) return
      clear()
      block = [...lines]
      draw()
    },
    settle: () => {
      block = []
    },
    confirm: async (question) => {
      if (yes) return true
      if (!interactive) throw notConfirmed(question)
      return prompt<boolean>({ type: 'confirm', message: question, default: false })
    },
    ask: async (question, fallback = '') =>
      interactive ? prompt<string>({ type: 'input', message: question, default: fallback }) : fallback,
  }
}
