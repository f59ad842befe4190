import type { RigletError } from '../core/errors.ts'

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

/** What was seen, first; then what helps. */
export const renderFailure = ({ message, remedy }: RigletError): string =>
  remedy === '' ? message : `${message}\n${indent(remedy)}`

/** Nobody expected this: where it is matters more than how it reads. */
export const renderBug = (error: unknown): string =>
  `This is a bug in riglet, not in what you did. Please report it with the lines below.\n${
    error instanceof Error ? (error.stack ?? error.message) : String(error)
  }`
