import { RigletError } from '../errors.ts'

export const noSuchPattern = (pattern: string, cause: unknown): RigletError =>
  new RigletError(
    'SETTINGS',
    `NAME_PATTERN=${pattern} is no regular expression: ${cause instanceof Error ? cause.message : String(cause)}`,
    'It is held against the names of AMIs, such as acme-shop/web/1.4.2-9f3c2e1a. Nothing was changed.',
    cause,
  )
