import { interrupted, notConfirmed } from '../core/errors.ts'
import type { Terminal } from '../core/ports/local/terminal.ts'
import { makeMask } from './mask.ts'
import { prompt } from './prompt.ts'

export type TerminalOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Yes was said beforehand. */
  readonly yes: boolean
  /** Ends a question that nobody has answered, and answers none after that. */
  readonly signal?: AbortSignal
}

/** Data to standard output, status to standard error; no cursor tricks off a terminal; secrets are masked. */
export function makeTerminal({ environment, yes, signal = new AbortController().signal }: TerminalOptions): Terminal {
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
      if (signal.aborted) throw interrupted()
      if (yes) return true
      if (!interactive) throw notConfirmed(question)
      return prompt<boolean>({ type: 'confirm', message: question, default: false }, signal)
    },
    ask: async (question, fallback = '') =>
      interactive ? prompt<string>({ type: 'input', message: question, default: fallback }, signal) : fallback,
  }
}
