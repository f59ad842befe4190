import type { Http } from '../core/image/ports.ts'

export const http: Http = {
  get: async (url, milliseconds) => {
    try {
      // A connection of its own each time: a kept one would stay with the target that answered before.
      const response = await fetch(url, {
        signal: AbortSignal.timeout(milliseconds),
        headers: { connection: 'close', 'cache-control': 'no-cache' },
        redirect: 'manual',
      })
      return { type: 'answer', status: response.status, body: await response.text() }
    } catch (error) {
      const { message, cause } = error as Error
      const why = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message
      return { type: 'silence', why: why || 'no reason given' }
    }
  },
}
