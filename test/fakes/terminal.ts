import { notConfirmed } from '../../scripts/core/errors.ts'
import type { Terminal } from '../../scripts/core/ports/local/terminal.ts'

export type FakeTerminal = Terminal & {
  readonly shown: string[]
  readonly said: string[]
  readonly asked: string[]
  readonly drawn: string[][]
}

/** Answers in turn; without any it is no terminal at all, and nobody says yes. */
export function answering(...answers: readonly string[]): FakeTerminal {
  const rest = [...answers]
  const [shown, said, asked]: [string[], string[], string[]] = [[], [], []]
  const drawn: string[][] = []
  const next = (question: string): string => {
    asked.push(question)
    const answer = rest.shift()
    if (answer === undefined) throw notConfirmed(question)
    return answer
  }
  return {
    shown,
    said,
    asked,
    drawn,
    interactive: answers.length > 0,
    columns: 80,
    colour: false,
    show: (text) => void shown.push(text),
    say: (text) => void said.push(text),
    progress: (lines) => void drawn.push([...lines]),
    settle: () => undefined,
    confirm: (question) =>
      new Promise((resolve) => {
        resolve(next(question) === 'yes')
      }),
    ask: (question, fallback = '') =>
      new Promise((resolve) => {
        resolve(answers.length === 0 ? fallback : next(question) || fallback)
      }),
  }
}
