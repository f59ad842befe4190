import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export type Call = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly authorization: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}
export type Reply = {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** An API of JSON on this machine, which may be made to fail. `dropped`: it did what was asked, and its reply got lost. */
export async function openHost(answer: (call: Call) => Promise<Reply>) {
  const calls: Call[] = []
  const faults: { readonly method: string; readonly fault: Reply | 'dropped' }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
      const body = request.method === 'GET' ? undefined : await json(request)
      const call = {
        method: request.method ?? '',
        path: pathname,
        query: Object.fromEntries(searchParams),
        authorization: request.headers.authorization,
        headers: request.headers,
        body,
      }
      calls.push(call)
      const due = faults.findIndex(({ method }) => method === call.method)
      const fault = due < 0 ? undefined : faults.splice(due, 1)[0]!.fault
      const reply = fault === undefined || fault === 'dropped' ? await answer(call) : fault
      if (fault === 'dropped') return void request.socket.destroy()
      response.writeHead(reply.status, { 'content-type': 'application/json; charset=utf-8', ...reply.headers })
      response.end(JSON.stringify(reply.body))
    })().catch((error: unknown) => {
      // No status that another attempt would mend.
      response.writeHead(418).end(String(error))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    /** The next calls of a method get these instead. */
    fail: (method: string, ...all: readonly (Reply | 'dropped')[]) =>
      void faults.push(...all.map((fault) => ({ method, fault }))),
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}
