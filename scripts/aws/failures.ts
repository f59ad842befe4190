import {
  accessDenied,
  awsRefused,
  endpointDown,
  expiredCredentials,
  noCredentials,
  throttled,
  wrongCredentials,
  wrongRegion,
} from '../core/catalogue/aws.ts'
import { interrupted } from '../core/catalogue/settings.ts'
import { RigletError } from '../core/errors.ts'

type SdkError = Error & {
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  readonly $service?: string
}

export type Origin = {
  readonly region: string
  readonly profile?: string | undefined
  readonly endpoint?: string | undefined
}

const expired = /^(?:ExpiredToken|ExpiredTokenException|RequestExpired)$/
const unknown =
  /^(?:InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|InvalidToken)$/
const denied = /^(?:AccessDenied|AccessDeniedException|UnauthorizedOperation|OptInRequired)$/
const throttling =
  /^(?:Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException|SlowDown|ThrottledException)$/
const unreachable = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/

/** The original's name, to branch on where a service's answer is expected. */
export const awsCode = (error: unknown): string | undefined =>
  error instanceof RigletError && error.cause instanceof Error ? error.cause.name : undefined

export const awsMessage = (error: unknown): string =>
  error instanceof RigletError && error.cause instanceof Error ? error.cause.message : String(error)

/**
 * The one mapping from the SDK's failures to ours. What AWS refused keeps its own words; what never reached AWS says
 * what was tried and what to do.
 */
export function toRigletError(error: unknown, origin: Origin): unknown {
  if (error instanceof RigletError || !(error instanceof Error)) return error
  const { name, message, code, $metadata } = error as SdkError
  if (name === 'AbortError') return interrupted()
  if (
    expired.test(name) ||
    /token (?:included in the request )?(?:is|has) expired|SSO session .*expired/i.test(message)
  )
    return expiredCredentials(origin, error)
  if (/^(?:CredentialsProviderError|TokenProviderError)$/.test(name)) return noCredentials(origin, message, error)
  if (unknown.test(name)) return wrongCredentials(origin, message, error)
  if (denied.test(name)) return accessDenied(message, error)
  if (throttling.test(name)) return throttled(message, error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return wrongRegion(origin, error)
  if ((code !== undefined && unreachable.test(code)) || name === 'TimeoutError') return endpointDown(origin, error)
  if (name === 'AggregateError') return endpointDown(origin, error)
  if ($metadata?.httpStatusCode !== undefined) return awsRefused(name, message, error)
  return error
}
