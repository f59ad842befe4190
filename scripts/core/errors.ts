/** What may go wrong, by code; the errors.ts beside each subject says them in words. */
export type ErrorCode =
  | 'SETTINGS'
  | 'USAGE'
  | 'NOT_CONFIRMED'
  | 'INTERRUPTED'
  | 'NO_CREDENTIALS'
  | 'EXPIRED_CREDENTIALS'
  | 'WRONG_CREDENTIALS'
  | 'WRONG_REGION'
  | 'ENDPOINT_DOWN'
  | 'CLOCK'
  | 'PROXY'
  | 'ACCESS_DENIED'
  | 'THROTTLED'
  | 'AWS_REFUSED'
  | 'NOT_FOUND'
  | 'TEMPLATE'
  | 'STACK_TAKEN'
  | 'RULE_TAKEN'
  | 'STACK_BUSY'
  | 'STACK_BROKEN'
  | 'STACK_PROTECTED'
  | 'STACK_NEEDED'
  | 'STACK_FAILED'
  | 'CHANGE_SET'
  | 'WAIT_TOO_LONG'
  | 'RIGLET_EXISTS'
  | 'QUOTA'
  | 'IMAGE'
  | 'REPOSITORY'
  | 'PIPELINE'
  | 'APPROVAL'
  | 'UNCHECKED'
  | 'TOOL_FAILED'
  | 'FILE'
  | 'FEED'
  | 'TRACKER'

/** Exit codes of every script; drift has its own two. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, rigletExists: 66, interrupted: 130 } as const

const exitCodeOf: Partial<Record<ErrorCode, number>> = {
  SETTINGS: exitCodes.usage,
  USAGE: exitCodes.usage,
  RIGLET_EXISTS: exitCodes.rigletExists,
  INTERRUPTED: exitCodes.interrupted,
}

/** An expected failure: what was seen, and what helps. Whatever else is thrown is a bug and shows its stack trace. */
export class RigletError extends Error {
  readonly code: ErrorCode
  /** One or more lines: the command or the edit that helps. */
  readonly remedy: string
  readonly exitCode: number

  constructor(code: ErrorCode, message: string, remedy = '', cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RigletError'
    this.code = code
    this.remedy = remedy
    this.exitCode = exitCodeOf[code] ?? exitCodes.failed
  }
}

export const isRigletError = (error: unknown, ...codes: ErrorCode[]): error is RigletError =>
  error instanceof RigletError && (codes.length === 0 || codes.includes(error.code))

/** What keeps one of many from being done, and no other: neither Ctrl-C, nor a clock that is wrong, nor a bug. */
export const isOfOne = (error: unknown): error is RigletError =>
  isRigletError(error) && error.code !== 'INTERRUPTED' && error.code !== 'CLOCK'

/** What is wrong with a value, and where it stands. */
export type Fault = { readonly where: string; readonly what: string }

export const notConfirmed = (question: string): RigletError =>
  new RigletError(
    'NOT_CONFIRMED',
    `There is no terminal to ask on: ${question}`,
    'Nothing was changed. If the answer is yes, add YES=1.',
  )

export const interrupted = (): RigletError => new RigletError('INTERRUPTED', 'Interrupted.')

export const fileFault = (file: string, what: string, cause?: unknown, remedy = ''): RigletError =>
  new RigletError('FILE', `${file}: ${what}`, remedy, cause)
