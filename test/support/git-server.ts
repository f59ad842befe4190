import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Asked = { readonly url: string; readonly authorization: string | undefined }

/**
 * Git's own server for HTTP, which lets those in who have the token as their password.
 * https://git-scm.com/docs/git-http-backend
 */
export async function openGitServer(root: string, token: string) {
  const asked: Asked[] = []
  /** Answers of their own, in turn: a status, and what stands beside it. */
  const refusals: { readonly status: number; readonly location?: string }[] = []
  const passwordOf = (header = ''): string | undefined =>
    /^[^:]*:(.*)$/s.exec(Buffer.from(header.replace(/^Basic /, ''), 'base64').toString())?.[1]

  const server = createServer((request, response) => {
    const { authorization } = request.headers
    asked.push({ url: request.url ?? '', authorization })
    const refusal = refusals.shift()
    if (refusal !== undefined) {
      const { status, location } = refusal
      return void response.writeHead(status, location === undefined ? {} : { location }).end()
    }
    if (passwordOf(authorization) !== token)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    serve(request, response, root)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuse: (status: number, location?: string) =>
      void refusals.push({ status, ...(location === undefined ? {} : { location }) }),
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

function serve(request: IncomingMessage, response: ServerResponse, root: string): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://host')
  const header = (name: string): string => String(request.headers[name] ?? '')
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROTOCOL: header('git-protocol'),
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      REMOTE_USER: 'token',
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(backend.stdin)
  backend.stdin.on('error', () => undefined)
  let head = Buffer.alloc(0)
  let begun = false
  backend.stdout.on('data', (chunk: Buffer) => {
    if (begun) return void response.write(chunk)
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    begun = true
    const lines = head.subarray(0, end).toString().split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]))
    const { Status: status = '200', ...rest } = headers
    response.writeHead(Number.parseInt(status, 10), rest).write(head.subarray(end + 4))
  })
  backend.stdout.on('end', () => response.end())
}
