import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Answer, Http } from '../core/image/ports.ts'

export const http: Http = {
  get: async (url, milliseconds, { anyName = false } = {}) => {
    try {
      return await ask(url, AbortSignal.timeout(milliseconds), anyName)
    } catch (error) {
      const { name, code, message } = error as NodeJS.ErrnoException
      if (name === 'AbortError') return { type: 'silence', why: `nothing within ${milliseconds / 1000} s` }
      // Node's own codes, such as the one for a certificate of another name, say less than its words.
      const why = code === undefined || code.startsWith('ERR_') ? message : code
      return { type: 'silence', why: why || 'no reason given' }
    }
  },
}

const ask = (url: string, signal: AbortSignal, anyName: boolean): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = (url.startsWith('https:') ? overHttps : overHttp)(url, {
      // A connection of its own each time: a kept one would stay with the target that answered before.
      agent: false,
      signal,
      headers: { 'cache-control': 'no-cache' },
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
