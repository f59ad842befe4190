import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import { proxyRefused } from '../core/access/proxy-errors.ts'
import { isRigletError } from '../core/errors.ts'
import type { Answer } from '../core/image/answer.ts'
import type { Http } from '../core/ports/local/http.ts'
import { proxyFor, type Proxies } from '../core/access/proxy.ts'
import type { Agents } from './proxy-agents.ts'

/** An app is reached as everything else outside: through the proxy that is set, if one is. */
export const makeHttp = (proxies?: Proxies): Http => ({
  get: async (url, milliseconds, { anyName = false, at } = {}) => {
    const agents =
      proxies === undefined
        ? undefined
        : // A connection of its own each time here, too.
          (await import('./proxy-agents.ts')).makeAgents(proxies, { patience: milliseconds * 0.9 })
    try {
      const answer = await ask(url, { signal: AbortSignal.timeout(milliseconds), anyName, at, agents })
      const proxy = proxies === undefined ? undefined : proxyFor(url, proxies)
      // Only a proxy asks so.
      if (proxy === undefined || answer.type !== 'answer' || answer.status !== 407) return answer
      throw proxyRefused(proxy, new URL(url).host, 407, '')
    } catch (error) {
      if (isRigletError(error)) return { type: 'silence', why: error.message.replace(/\.$/, '') }
      const { name, code, message } = error as NodeJS.ErrnoException
      if (name === 'AbortError') return { type: 'silence', why: `nothing within ${milliseconds / 1000} s` }
      // Node's own codes, such as the one for a certificate of another name, say less than its words.
      const why = code === undefined || code.startsWith('ERR_') ? message : code
      return { type: 'silence', why: why || 'no reason given' }
    }
  },
})

type Asking = {
  readonly signal: AbortSignal
  readonly anyName: boolean
  readonly at: string | undefined
  readonly agents: Agents | undefined
}

const ask = (url: string, { signal, anyName, at, agents }: Asking): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const secure = url.startsWith('https:')
    const { host, hostname } = new URL(url)
    const asked = (secure ? overHttps : overHttp)(url, {
      // A connection of its own each time: a kept one would stay with the target that answered before.
      agent: (secure ? agents?.httpsAgent : agents?.httpAgent) ?? false,
      signal,
      headers: { 'cache-control': 'no-cache', host },
      ...(at === undefined ? {} : { hostname: at, servername: hostname }),
      // The certificate must still be valid and of an authority that is trusted.
      ...(anyName ? { checkServerIdentity: () => undefined } : {}),
    })
    asked.on('error', reject)
    asked.on('response', (response) => {
      const { statusCode: status = 0, headers } = response
      const { location } = headers
      text(response).then(
        (body) => resolve({ type: 'answer', status, body, ...(location === undefined ? {} : { location }) }),
        reject,
      )
    })
    asked.end()
  })
