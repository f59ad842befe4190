import { RigletError } from '../errors.ts'
import type { Proxy } from './proxy.ts'
import { settingsFaults } from '../settings/errors.ts'

type Origin = {
  readonly region: string
  readonly endpoint?: string | undefined
  readonly proxy?: Proxy | undefined
}

/** Why a request got no answer, and how often it was made. */
export type Silence = { readonly why?: string | undefined; readonly attempts?: number | undefined }

const placeOf = ({ region, endpoint, proxy }: Origin): string =>
  `${endpoint ?? `AWS in ${region}`}${proxy === undefined ? '' : ` through the proxy ${proxy.shown} (${proxy.variable})`}`

const behindProxy = 'If only a proxy leads out of this network: export HTTPS_PROXY=http://HOST:PORT'

export const wrongRegion = (origin: Origin, silence: Silence, cause: unknown): RigletError =>
  origin.endpoint === undefined
    ? new RigletError(
        'WRONG_REGION',
        `AWS has no such address in region ${origin.region}, or this machine has no network.`,
        `Check REGION in .make (such as eu-central-1), and the network. ${behindProxy}`,
        cause,
      )
    : endpointDown(origin, silence, cause)

export const endpointDown = (origin: Origin, { why, attempts }: Silence, cause: unknown): RigletError =>
  new RigletError(
    'ENDPOINT_DOWN',
    [
      `Nobody answers at ${placeOf(origin)}`,
      why === undefined ? '' : ` (${why})`,
      attempts === undefined ? '' : `; ${attempts === 1 ? '1 attempt was' : `${attempts} attempts were`} made`,
      '.',
    ].join(''),
    origin.endpoint === undefined
      ? `Check the network and REGION in .make, then run the same command again.${origin.proxy === undefined ? ` ${behindProxy}` : ''}`
      : 'AWS_ENDPOINT_URL says so. Start what should answer there, or unset it to speak to AWS.',
    cause,
  )

export const notAws = (origin: Origin, words: string, cause: unknown): RigletError =>
  new RigletError(
    'ENDPOINT_DOWN',
    `What answers at ${placeOf(origin)} does not speak HTTP: ${words}.`,
    origin.endpoint === undefined
      ? 'Something in this network stands in between: try another one.'
      : 'AWS_ENDPOINT_URL says so: check its host and port, or unset it to speak to AWS.',
    cause,
  )

/** `code`: OpenSSL's and Node's own, to search for. */
export const notSecure = (origin: Origin, words: string, code: string, cause: unknown): RigletError =>
  new RigletError(
    'ENDPOINT_DOWN',
    `No secure connection to ${placeOf(origin)}: ${words} (${code}).`,
    secureHelp(code),
    cause,
  )

function secureHelp(code: string): string {
  if (/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/.test(code))
    return "Check this machine's clock; if it is right, whoever runs that address, or a proxy before it, has to renew the certificate."
  if (/ALTNAME|HOSTNAME/.test(code))
    return 'The certificate is for another name: check AWS_ENDPOINT_URL, or ask whoever runs a proxy before it.'
  if (/^EPROTO$|^ERR_SSL_/.test(code))
    return 'If AWS_ENDPOINT_URL names an address that speaks plain HTTP, begin it with http://; otherwise a proxy may be in between.'
  return 'A proxy with a certificate authority of its own? Export AWS_CA_BUNDLE=FILE or NODE_EXTRA_CA_CERTS=FILE, the certificate of that authority in PEM form.'
}

const endpointForm = 'is not of the form http://host:port or https://host:port'

export const wrongEndpoint = (endpoint: string): RigletError =>
  settingsFaults([{ where: 'environment', what: `AWS_ENDPOINT_URL=${endpoint} ${endpointForm}` }], [], false)

/** The SDK has more sources of endpoints than AWS_ENDPOINT_URL.
 *  https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
export const otherWrongEndpoint = (cause: unknown): RigletError =>
  new RigletError(
    'SETTINGS',
    `An endpoint of AWS ${endpointForm}.`,
    'Look at AWS_ENDPOINT_URL_... in the environment, and at endpoint_url in ~/.aws/config.',
    cause,
  )
