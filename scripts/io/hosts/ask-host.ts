import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import { isRigletError, RigletError } from '../../core/errors.ts'
import type { Proxies } from '../../core/access/proxy.ts'
import type { Clock } from '../../core/ports/local/clock.ts'

export type HostRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}
export type HostAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
export type AskHost = (request: HostRequest) => Promise<HostAnswer>

/** Nobody answered; `message` says why. */
export class HostSilence extends Error {}

const attempts = 5
const patience = 30_000
/** A host that wants us to wait longer is left alone. */
const longestWait = 120_000

/**
 * Asks a host's API, through the proxy that is set. What another attempt may mend is asked again, after the pause that the
 * host wants: its questions are such that asking twice does not make two of anything.
 * @throws HostSilence
 */
export const makeAskHost =
  (clock: Clock, proxies: Proxies | undefined): AskHost =>
  async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(request, proxies)
      const silent = answer instanceof HostSilence
      const wait = silent ? 1000 * 2 ** attempt : pauseFor(answer, attempt, clock.now())
      if (wait === undefined || wait > longestWait || attempt === attempts) {
        if (silent) throw answer
        return answer
      }
      await clock.sleep(wait)
    }
  }

/**
 * Milliseconds until it is worth asking again; undefined: it never is.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 * https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/
 */
function pauseFor({ status, headers }: HostAnswer, attempt: number, now: Date): number | undefined {
  const spent = headers['x-ratelimit-remaining'] === '0'
  const slower = status === 429 || (status === 403 && (spent || headers['retry-after'] !== undefined))
  if (!slower && status < 500) return undefined
  const after = headers['retry-after']
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000
  if (after !== undefined && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - now.getTime())
  const reset = Number(headers['x-ratelimit-reset'])
  if (spent && reset > 0) return Math.max(1000, reset * 1000 - now.getTime())
  return 1000 * 2 ** (attempt - 1)
}

async function once(request: HostRequest, proxies: Proxies | undefined): Promise<HostAnswer | HostSilence> {
  try {
    const agents = proxies && (await import('../proxy-agents.ts')).makeAgents(proxies, { patience })
    return await new Promise((resolve, reject) => {
      const secure = request.url.startsWith('https:')
      const asked = (secure ? overHttps : overHttp)(request.url, {
        method: request.method,
        headers: {
          ...request.headers,
          ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
        },
        agent: (secure ? agents?.httpsAgent : agents?.httpAgent) ?? false,
        signal: AbortSignal.timeout(patience),
      })
      asked.on('error', reject)
      asked.on('response', (response) => {
        const headers = Object.fromEntries(
          Object.entries(response.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
        )
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, headers, body }), reject)
      })
      asked.end(request.body)
    })
  } catch (error) {
    if (error instanceof RigletError && isRigletError(error, 'PROXY')) throw error
    const { name, code, message } = error as NodeJS.ErrnoException
    if (name === 'AbortError' || name === 'TimeoutError') return new HostSilence(`nothing within ${patience / 1000} s`)
    return new HostSilence(code ?? message)
  }
}
