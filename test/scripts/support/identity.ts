import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Certificate } from '../../io/certificate.ts'

/** One call: what was asked, and with whose key it was signed. */
export type Call = {
  readonly what: string
  readonly key: string | undefined
  readonly host: string
  readonly form: URLSearchParams
}

export type Identities = {
  readonly calls: Call[]
  /** Over HTTPS if there is a certificate. */
  readonly port: number
  readonly plainPort: number
  /** An answer of its own to a call, by its name. */
  readonly answers: Record<string, (call: Call) => { status: number; body: string } | undefined>
  readonly close: () => void
}

const temporary = (key: string, seconds = 3600): string =>
  `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secretOf${key}</SecretAccessKey>` +
  `<SessionToken>tokenOf${key}</SessionToken>` +
  `<Expiration>${new Date(Date.now() + seconds * 1000).toISOString()}</Expiration></Credentials>`

const refusal = (code: string, words: string): { status: number; body: string } => ({
  status: 403,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${words}</Message></Error></ErrorResponse>`,
})
export const wrongCode = refusal(
  'AccessDenied',
  'MultiFactorAuthentication failed with invalid MFA one time pass code.',
)
export const notTrusted = refusal('AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole')

/**
 * AWS as far as it tells who somebody is: STS, the portal and tokens of SSO, and a container's credentials. Whoever
 * takes the role NAME signs as ASIANAME from then on, and the account of GetCallerIdentity is made of nothing.
 */
export async function openIdentities(certificate?: Certificate): Promise<Identities> {
  const calls: Call[] = []
  const answers: Identities['answers'] = {}
  const tell = async (request: IncomingMessage): Promise<{ status: number; body: string; json?: boolean }> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://here')
    const body = await text(request)
    const form =
      request.method === 'POST' && body.startsWith('{') ? searchParams : new URLSearchParams(body || searchParams)
    const call: Call = {
      what: form.get('Action') ?? pathname,
      key: /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1],
      host: request.headers.host ?? '',
      form,
    }
    calls.push(call)
    const own = answers[call.what]?.(call)
    if (own !== undefined) return own
    const role = /role\/(\w+)/.exec(form.get('RoleArn') ?? '')?.[1] ?? form.get('role_name') ?? ''
    switch (call.what) {
      case 'GetCallerIdentity':
        return ok('GetCallerIdentity', `<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/x</Arn>`)
      case 'AssumeRole':
      case 'AssumeRoleWithWebIdentity': {
        const arn = `arn:aws:sts::123456789012:assumed-role/${role}/me`
        const user = `<AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId><Arn>${arn}</Arn></AssumedRoleUser>`
        return ok(call.what, temporary(`ASIA${role.toUpperCase()}`) + user)
      }
      case '/federation/credentials': {
        const roleCredentials = {
          accessKeyId: `ASIA${role.toUpperCase()}`,
          secretAccessKey: 'secret',
          sessionToken: 'token',
          expiration: Date.now() + 3_600_000,
        }
        return { status: 200, json: true, body: JSON.stringify({ roleCredentials }) }
      }
      case '/container': {
        const found = { AccessKeyId: 'ASIACONTAINER', SecretAccessKey: 'secret', Token: 'token', Expiration: hence(1) }
        return { status: 200, json: true, body: JSON.stringify(found) }
      }
      default:
        return refusal('AccessDenied', `${call.what} is not known here`)
    }
  }
  const listener: RequestListener = (request, response) => {
    void tell(request).then(({ status, body, json }) =>
      response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/xml' }).end(body),
    )
  }
  const plain = await listen(createServer(listener))
  const secure =
    certificate && (await listen(createSecureServer({ cert: certificate.certificate, key: certificate.key }, listener)))
  return {
    calls,
    answers,
    plainPort: plain.port,
    port: secure?.port ?? plain.port,
    close: () => [plain, secure].forEach((open) => open?.server.close()),
  }
}

export const hence = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString()

const ok = (action: string, inner: string): { status: number; body: string } => ({
  status: 200,
  body: `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`,
})

async function listen<Kind extends Server>(server: Kind): Promise<{ server: Kind; port: number }> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { server, port: (server.address() as AddressInfo).port }
}
