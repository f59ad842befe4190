import type { Agent as HttpAgent, ClientRequest } from 'node:http'
import { Agent as DirectHttp } from 'node:http'
import { Agent as DirectHttps } from 'node:https'
import type { Duplex } from 'node:stream'
import { Agent, type AgentConnectOpts } from 'agent-base'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { proxyDown, proxyRefused } from '../core/access/proxy-errors.ts'
import type { RigletError } from '../core/errors.ts'
import { proxyFor, type Proxies, type Proxy } from '../core/access/proxy.ts'

export type Agents = { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpAgent }

export type AgentOptions = {
  readonly keepAlive?: boolean
  /** How long a proxy may take to let us through, in milliseconds. */
  readonly patience?: number
}

type Connect = (request: ClientRequest, options: AgentConnectOpts) => Promise<Duplex>

/** What another attempt may mend; the SDK looks for this mark. Who is refused, or finds nobody, is told at once. */
const again = (error: RigletError, transient: boolean): RigletError =>
  transient ? Object.assign(error, { $retryable: {} }) : error

/** How often in a row a proxy said nothing: three times is not by chance. */
const silent = new Map<string, number>()

/** One connection through a proxy, given up when it takes too long; whatever fails names the proxy. */
async function guarded(
  proxy: Proxy,
  patience: number,
  connect: (signal: AbortSignal) => Promise<Duplex>,
): Promise<Duplex> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), patience)
  try {
    const socket = await connect(late.signal)
    silent.delete(proxy.url)
    return socket
  } catch (error) {
    if (late.signal.aborted) {
      silent.set(proxy.url, (silent.get(proxy.url) ?? 0) + 1)
      throw again(proxyDown(proxy, `nothing within ${patience / 1000} s`, error), silent.get(proxy.url)! < 3)
    }
    const { name, code, message } = error as NodeJS.ErrnoException
    if (name === 'RigletError') throw error
    throw again(proxyDown(proxy, code ?? message, error), code === 'ECONNRESET' || code === 'EPIPE')
  } finally {
    clearTimeout(timer)
  }
}

/** By CONNECT: the proxy sees no more than the target's name. */
const tunnel =
  (proxy: Proxy, patience: number): Connect =>
  (request, options) =>
    guarded(proxy, patience, async (signal) => {
      const target = `${options.host}:${options.port}`
      let refusal: RigletError | undefined
      request.once('proxyConnect', ({ statusCode, statusText }: { statusCode: number; statusText: string }) => {
        if (statusCode === 200) return
        if (!(statusCode >= 100)) refusal = proxyDown(proxy, 'what is there is no HTTP proxy', undefined)
        else refusal = again(proxyRefused(proxy, target, statusCode, statusText), statusCode >= 500)
      })
      const socket = await new HttpsProxyAgent(proxy.url, { signal } as object).connect(request, options)
      if (refusal === undefined) return socket
      socket.destroy()
      throw refusal
    })

const socks =
  (proxy: Proxy, patience: number): Connect =>
  (request, options) =>
    guarded(proxy, patience, async (signal) => {
      const { SocksProxyAgent } = await import('socks-proxy-agent')
      // Its own time limit would go on counting when the connection stands.
      return new SocksProxyAgent(proxy.url, { socketOptions: { signal } as never }).connect(request, options)
    })

/** Plain HTTP goes to the proxy as it is, with the whole address. */
class PlainProxy extends HttpProxyAgent<string> {
  readonly #connect: Connect

  constructor(proxy: Proxy, { keepAlive = false, patience = 5000 }: AgentOptions) {
    super(proxy.url, { keepAlive })
    this.#connect = (request, options) =>
      guarded(proxy, patience, (signal) =>
        new HttpProxyAgent(proxy.url, { signal } as object).connect(request as never, options),
      )
  }

  override connect(request: ClientRequest, options: AgentConnectOpts): ReturnType<HttpProxyAgent<string>['connect']> {
    return this.#connect(request, options) as ReturnType<HttpProxyAgent<string>['connect']>
  }
}

/** Looks for each connection whether it goes through a proxy. */
class Dispatcher extends Agent {
  readonly #proxies: Proxies
  readonly #secure: boolean
  readonly #options: AgentOptions
  readonly #direct: HttpAgent
  #plain: PlainProxy | undefined

  constructor(proxies: Proxies, secure: boolean, options: AgentOptions) {
    super({ keepAlive: options.keepAlive ?? false })
    this.#proxies = proxies
    this.#secure = secure
    this.#options = options
    this.#direct = new (secure ? DirectHttps : DirectHttp)({ keepAlive: options.keepAlive ?? false })
  }

  /** Agents for one kind of address each: the base would have to guess, from who called. */
  override isSecureEndpoint(): boolean {
    return this.#secure
  }

  override connect(request: ClientRequest, options: AgentConnectOpts): Promise<Duplex> | HttpAgent {
    const { host = 'localhost', port = this.#secure ? 443 : 80 } = options
    const name = host.includes(':') ? `[${host}]` : host
    const proxy = proxyFor(`${this.#secure ? 'https' : 'http'}://${name}:${port}`, this.#proxies)
    if (proxy === undefined) return this.#direct
    const patience = this.#options.patience ?? 5000
    if (proxy.url.startsWith('socks')) return socks(proxy, patience)(request, options)
    if (this.#secure) return tunnel(proxy, patience)(request, options)
    return (this.#plain ??= new PlainProxy(proxy, this.#options))
  }

  override destroy(): void {
    this.#direct.destroy()
    this.#plain?.destroy()
    super.destroy()
  }
}

export const makeAgents = (proxies: Proxies, options: AgentOptions = {}): Agents => ({
  httpAgent: new Dispatcher(proxies, false, options),
  httpsAgent: new Dispatcher(proxies, true, options),
})
