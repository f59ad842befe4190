export type Terminal = {
  /** Data: standard output. */
  readonly show: (text: string) => void
  /** Status: standard error. */
  readonly say: (text: string) => void
  /** A live line or block on standard error; replaced by the next one, plain lines off a terminal. */
  readonly progress: (lines: readonly string[]) => void
  /** Ends the live block and leaves it standing. */
  readonly settle: () => void
  /** @throws RigletError NOT_CONFIRMED without a terminal, unless yes was said beforehand */
  readonly confirm: (question: string) => Promise<boolean>
  /** The typed answer; `fallback` when it is empty, or when there is no terminal. */
  readonly ask: (question: string, fallback?: string) => Promise<string>
  readonly interactive: boolean
  /** 80 off a terminal. */
  readonly columns: number
  readonly colour: boolean
}
