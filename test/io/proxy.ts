import { createServer, request, type Server } from 'node:http'
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from 'node:net'

/** What a proxy does with whoever asks it. */
export type Manner =
  | { readonly type: 'lead' }
  /** Wants this user and password. */
  | { readonly type: 'guarded'; readonly user: string }
  | { readonly type: 'refuse'; readonly status: number; readonly words: string }
  | { readonly type: 'silent' }
  | { readonly type: 'rude' }

export type TestProxy = {
  readonly port: number
  /** `host:port` of each tunnel, and addresses of plain requests. */
  readonly asked: string[]
  manner: Manner
  readonly close: () => Promise<void>
}

/** An HTTP proxy on loopback: tunnels lead to `secure` and plain requests to `plain`, ports of this machine. */
export async function openProxy(secure: number, plain = 0): Promise<TestProxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const letsIn = (authorization: string | undefined): boolean =>
    proxy.manner.type !== 'guarded' || authorization === `Basic ${Buffer.from(proxy.manner.user).toString('base64')}`
  const server: Server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '')
    if (proxy.manner.type === 'silent') return
    if (!letsIn(incoming.headers['proxy-authorization'])) return void outgoing.writeHead(407).end('<html>no</html>')
    if (proxy.manner.type === 'refuse') return void outgoing.writeHead(proxy.manner.status).end('<html>no</html>')
    const { pathname, search } = new URL(incoming.url ?? '')
    const onward = request(
      {
        host: '127.0.0.1',
        port: plain,
        path: `${pathname}${search}`,
        method: incoming.method,
        headers: incoming.headers,
      },
      (reply) => reply.pipe(outgoing.writeHead(reply.statusCode ?? 500, reply.headers)),
    )
    incoming.pipe(onward)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    if (proxy.manner.type === 'rude') socket.end('SSH-2.0-something\r\n\r\n')
  })
  server.on('connect', (incoming, socket: Socket) => {
    asked.push(incoming.url ?? '')
    const { manner } = proxy
    if (manner.type === 'silent' || manner.type === 'rude') return
    if (!letsIn(incoming.headers['proxy-authorization']))
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n<html>')
    if (manner.type === 'refuse') return void socket.end(`HTTP/1.1 ${manner.status} ${manner.words}\r\n\r\n<html>`)
    const onward = connect(secure, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const proxy: TestProxy = {
    port: (server.address() as AddressInfo).port,
    asked,
    manner: { type: 'lead' },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
  return proxy
}

/** A SOCKS 5 proxy on loopback that leads everybody to one port of this machine, and tells who was asked for. */
export async function openSocks(
  target: number,
): Promise<{ port: number; asked: string[]; close: () => Promise<unknown> }> {
  const asked: string[] = []
  const server = createNetServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]))
      socket.once('data', (desired) => {
        const length = desired[4]!
        asked.push(`${desired.subarray(5, 5 + length).toString()}:${desired.readUInt16BE(5 + length)}`)
        const onward = connect(target, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
          onward.pipe(socket).pipe(onward)
        })
        onward.on('error', () => socket.destroy())
      })
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { port, asked, close: () => new Promise((done) => server.close(done)) }
}
