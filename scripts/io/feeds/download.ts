import { request as overHttp, type IncomingMessage } from 'node:http'
import { request as overHttps } from 'node:https'
import type { Proxies } from '../../core/access/proxy.ts'
import { interrupted, isRigletError } from '../../core/errors.ts'
import { feedRefuses, feedSilent, feedTooLong, plainHttpRefused, redirectRefused } from '../../core/feeds/errors.ts'
import type { Download, Downloads } from '../../core/ports/feeds/downloads.ts'
import type { Agents } from '../proxy-agents.ts'
import { hostOf, publicLookup, refuseAddress } from './addresses.ts'

export type Reach = {
  /** Hosts that may have any address, and plain HTTP. */
  readonly allowed: readonly string[]
  readonly proxies?: Proxies | undefined
  readonly signal?: AbortSignal
  /** Milliseconds for one file, all redirects included. */
  readonly patience?: number
}

const mostRedirects = 5

/** Brings files of package repositories: not too long, not for too long, and from nowhere inside. */
export const makeDownload =
  ({ allowed, proxies, signal, patience = 300_000 }: Reach): Downloads['get'] =>
  async (start, { limit, signed }) => {
    const late = AbortSignal.timeout(patience)
    const ends = signal === undefined ? late : AbortSignal.any([late, signal])
    const agents =
      proxies === undefined ? undefined : (await import('../proxy-agents.ts')).makeAgents(proxies, { patience })
    let url = new URL(start)
    try {
      for (let hop = 0; ; hop += 1) {
        const free = allowed.includes(hostOf(url))
        if (!free) refuseAddress(url)
        if (!free && !signed && url.protocol === 'http:') throw plainHttpRefused(url.href, hostOf(url))
        const response = await ask(url, { agents, free, ends })
        const to = redirection(url, response)
        if (to === undefined) return await bodyOf(url, response, limit)
        response.destroy()
        if (hop === mostRedirects)
          throw redirectRefused(url.href, to.href, `the ${mostRedirects + 1}th redirect in a row`)
        url = to
      }
    } catch (error) {
      if (signal?.aborted === true) throw interrupted()
      if (isRigletError(error)) throw error
      if (late.aborted) throw feedSilent(url.href, `not all of it came within ${patience / 1000} s`, error)
      const { code, message } = error as NodeJS.ErrnoException
      throw feedSilent(url.href, code === undefined || code.startsWith('ERR_') ? message : code, error)
    }
  }

type Asking = { readonly agents: Agents | undefined; readonly free: boolean; readonly ends: AbortSignal }

/** Through a proxy it is the proxy that resolves names, and that has to keep to what is outside. */
const ask = (url: URL, { agents, free, ends }: Asking): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const asked = (secure ? overHttps : overHttp)(url, {
      agent: (secure ? agents?.httpsAgent : agents?.httpAgent) ?? false,
      signal: ends,
      headers: { 'user-agent': 'riglet', 'accept-encoding': 'identity' },
      ...(free ? {} : { lookup: publicLookup(url) }),
    })
    asked.on('error', reject)
    asked.on('response', resolve)
    asked.end()
  })

/**
 * Where an answer leads on to, if it does: from https to https alone, or on the same host and no less safely.
 * @throws RigletError FEED
 */
function redirection(from: URL, { statusCode = 0, headers: { location } }: IncomingMessage): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode) || location === undefined) return undefined
  if (!URL.canParse(location, from.href)) throw redirectRefused(from.href, location, 'which is no address')
  const to = new URL(location, from.href)
  const secure = to.protocol === 'https:'
  if (!secure && to.protocol !== 'http:') throw redirectRefused(from.href, to.href, 'which is neither https nor http')
  if (to.username !== '' || to.password !== '') throw redirectRefused(from.href, to.href, 'with a user or a password')
  if (!secure && from.protocol === 'https:') throw redirectRefused(from.href, to.href, 'which is less safe')
  if (from.protocol === 'http:' && to.hostname !== from.hostname)
    throw redirectRefused(from.href, to.href, 'another host, without https')
  return to
}

async function bodyOf(url: URL, response: IncomingMessage, limit: number): Promise<Download> {
  const { statusCode = 0 } = response
  if (statusCode === 404 || statusCode === 410) {
    response.destroy()
    return { type: 'absent' }
  }
  if (statusCode !== 200) {
    response.destroy()
    throw feedRefuses(url.href, statusCode)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length
    // Leaving the loop ends the connection.
    if (length > limit) throw feedTooLong(url.href, limit, false)
    chunks.push(chunk)
  }
  return { type: 'there', body: Buffer.concat(chunks) }
}
