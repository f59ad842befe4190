import {
  accessDenied,
  awsRefused,
  expiredCredentials,
  noCredentials,
  notEnabled,
  notTakenThere,
  throttled,
  wrongCredentials,
} from '../../core/access/errors.ts'
import { proxyRefused } from '../../core/access/proxy-errors.ts'
import { endpointDown, notAws, notSecure, otherWrongEndpoint, wrongRegion } from '../../core/access/endpoint-errors.ts'
import { interrupted } from '../../core/errors.ts'
import { RigletError } from '../../core/errors.ts'
import type { Proxy } from '../../core/access/proxy.ts'

type SdkError = Error & {
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string; readonly attempts?: number }
  readonly $service?: string
}

export type Origin = {
  readonly region: string
  /** For messages; the SDK reads AWS_ENDPOINT_URL by itself. */
  readonly endpoint?: string | undefined
  /** The proxy in between, if there is one. */
  readonly proxy?: Proxy | undefined
  /** What gives new credentials, in words. */
  readonly remedy?: (() => string | undefined) | undefined
}

const expired = /^(?:ExpiredToken|ExpiredTokenException|RequestExpired)$/
const unknown =
  /^(?:InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|InvalidToken)$/
const denied = /^(?:AccessDenied|AccessDeniedException|UnauthorizedOperation)$/
const throttling =
  /^(?:Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException|SlowDown|ThrottledException)$/
const unreachable =
  /^(?:ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_\w+)$/
/** Node's names for what OpenSSL says of a connection or a certificate.
 *  https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const insecure =
  /^(?:EPROTO|ERR_(?:SSL|TLS)_\w+|(?:\w+_)?(?:CERT|CRL|CA)(?:_\w+)?|HOSTNAME_MISMATCH|UNABLE_TO_\w+|INVALID_PURPOSE)$/

/** The original's name, to branch on where a service's answer is expected. */
export const awsCode = (error: unknown): string | undefined =>
  error instanceof RigletError && error.cause instanceof Error ? error.cause.name : undefined

export const awsMessage = (error: unknown): string =>
  error instanceof RigletError && error.cause instanceof Error ? error.cause.message : String(error)

/** What came back instead of an answer: the failure's own code, or that of what lies below it. */
const codeOf = (error: SdkError): string | undefined => {
  const below = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause
  return error.code ?? (below instanceof Error ? (below as SdkError).code : undefined)
}

/** Of OpenSSL's line only what it means. */
const plainWords = (words: string): string => /SSL routines:[^:]*:([^:]+)/.exec(words)?.[1] ?? words.trim()

/**
 * The one mapping from the SDK's failures to ours. What AWS refused keeps its own words; what never reached AWS says
 * what was tried and what to do.
 */
export function toRigletError(error: unknown, origin: Origin): unknown {
  if (error instanceof RigletError || !(error instanceof Error)) return error
  const { name, message, $metadata } = error as SdkError
  if (name === 'AbortError') return interrupted()
  if (
    expired.test(name) ||
    /token (?:included in the request )?(?:is|has) expired|SSO session .*expired|SSO Token.* Cannot refresh/i.test(
      message,
    )
  )
    return expiredCredentials(origin, error)
  if (/^(?:CredentialsProviderError|TokenProviderError)$/.test(name)) return noCredentials(origin, message, error)
  if (name === 'AuthFailure' || name === 'UnrecognizedClientException') return notTakenThere(origin, message, error)
  if (name === 'OptInRequired') return notEnabled(origin, message, error)
  if (unknown.test(name)) return wrongCredentials(origin, message, error)
  if (denied.test(name)) return accessDenied(message, error)
  if (throttling.test(name)) return throttled(message, error)
  // Of a request over plain HTTP only the proxy itself asks so; of a tunnel it is told where that is made.
  if ($metadata?.httpStatusCode === 407 && origin.proxy !== undefined)
    return proxyRefused(origin.proxy, origin.endpoint ?? 'AWS', 407, '')
  const silent = noAnswer(error, origin)
  if (silent !== undefined) return silent
  return $metadata?.httpStatusCode === undefined ? error : awsRefused(name, message, error)
}

function noAnswer(error: SdkError, origin: Origin): RigletError | undefined {
  const code = codeOf(error)
  const silence = { why: code, attempts: error.$metadata?.attempts }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return wrongRegion(origin, silence, error)
  if (code === 'ERR_INVALID_URL') return otherWrongEndpoint(error)
  if (code !== undefined && insecure.test(code)) return notSecure(origin, plainWords(error.message), code, error)
  if (code?.startsWith('HPE_')) return notAws(origin, error.message, error)
  if ((code !== undefined && unreachable.test(code)) || /^(?:TimeoutError|AggregateError)$/.test(error.name))
    return endpointDown(origin, silence, error)
  return undefined
}
