import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { Answer } from '../../scripts/core/image/answer.ts'
import { readProxies } from '../../scripts/core/access/proxy.ts'
import { makeHttp } from '../../scripts/io/http.ts'
import { openProxy } from './proxy.ts'
import { makeCertificate, trust, type Certificate } from './certificate.ts'

const http = makeHttp()

describe('asking over HTTP', () => {
  const servers: Server[] = []
  const seen: { agent: string | undefined; port: number | undefined; host: string | undefined }[] = []
  let plain = ''
  let secure = ''
  let certificate: Certificate

  const site: RequestListener = (request, response) => {
    seen.push({ agent: request.headers.connection, port: request.socket.remotePort, host: request.headers.host })
    if (request.url === '/moved') response.writeHead(301, { location: 'https://elsewhere.test:443/moved' }).end()
    else if (request.url === '/slow') response.writeHead(200).write('half')
    else response.writeHead(request.url === '/gone' ? 404 : 200).end(`this is ${request.url}, für alle`)
  }
  const listen = async (server: Server): Promise<number> => {
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return (server.address() as AddressInfo).port
  }
  const why = (answer: Answer): string => (answer.type === 'silence' ? answer.why : `answered ${answer.status}`)

  before(async () => {
    certificate = await makeCertificate('shop.example')
    const { certificate: cert, key } = certificate
    plain = `http://127.0.0.1:${await listen(createServer(site))}`
    secure = `https://127.0.0.1:${await listen(createSecureServer({ cert, key }, site))}`
  })
  after(() => servers.forEach((server) => server.close()))

  it('tells status and body, whatever the status', async () => {
    assert.deepEqual(await http.get(`${plain}/a`, 5000), { type: 'answer', status: 200, body: 'this is /a, für alle' })
    const { status } = (await http.get(`${plain}/gone`, 5000)) as { status: number }
    assert.equal(status, 404)
  })

  it('connects anew each time, so that no target is kept', async () => {
    seen.length = 0
    for (let asked = 0; asked < 3; asked += 1) await http.get(plain, 5000)
    assert.equal(new Set(seen.map(({ port }) => port)).size, 3)
    assert.ok(seen.every(({ agent }) => agent === 'close'))
  })

  it('connects where it is told to, and asks there for the host of the address', async () => {
    const { port } = new URL(plain)
    const answer = await http.get(`http://no.such.test:${port}/a`, 5000, { at: '127.0.0.1' })
    assert.equal(why(answer), 'answered 200')
    assert.equal(seen.at(-1)!.host, `no.such.test:${port}`)
    // A certificate is held against the name that is asked for, not against where it stands.
    const other = await http.get(`https://no.such.test:${new URL(secure).port}/a`, 5000, { at: '127.0.0.1' })
    assert.match(why(other), /self-signed|no\.such\.test|DEPTH_ZERO_SELF_SIGNED_CERT/)
  })

  it('tells where a redirect leads, and does not follow it', async () => {
    assert.deepEqual(await http.get(`${plain}/moved`, 5000), {
      type: 'answer',
      status: 301,
      body: '',
      location: 'https://elsewhere.test:443/moved',
    })
  })

  it('tells why nobody answered', async () => {
    const closed = createServer()
    const port = await listen(closed)
    await new Promise((done) => closed.close(done))
    assert.equal(why(await http.get(`http://127.0.0.1:${port}/`, 5000)), 'ECONNREFUSED')
    assert.equal(why(await http.get(`${plain}/slow`, 300)), 'nothing within 0.3 s')
  })

  it('trusts no certificate that no authority vouches for, whatever its name', async () => {
    for (const anyName of [false, true])
      assert.equal(why(await http.get(secure, 5000, { anyName })), 'DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  it('takes a certificate of another name only when told that any name is right', async () => {
    const forget = trust(certificate)
    try {
      const wrong = why(await http.get(secure, 5000))
      assert.match(wrong, /does not match certificate's altnames: IP: 127\.0\.0\.1 is not in the cert's list/)
      assert.equal(why(await http.get(secure, 5000, { anyName: true })), 'answered 200')
    } finally {
      forget()
    }
  })

  it('goes through a proxy where one is set, over HTTP and HTTPS, and tells that it was the proxy that refused', async () => {
    const port = (url: string): number => Number(new URL(url).port)
    const proxy = await openProxy(port(secure), port(plain))
    const through = makeHttp(readProxies({ ALL_PROXY: `http://127.0.0.1:${proxy.port}` }))
    const untrust = trust(certificate)
    try {
      const answers = [
        await through.get('http://shop.example/a', 5000),
        await through.get('https://shop.example/b', 5000),
      ]
      assert.deepEqual(
        answers.map((answer) => answer.type === 'answer' && answer.body),
        ['this is /a, für alle', 'this is /b, für alle'],
      )
      assert.deepEqual(proxy.asked, ['http://shop.example/a', 'shop.example:443'])
      const other = await through.get('https://other.example/b', 5000)
      assert.match(why(other), /altnames/)
      assert.equal((await through.get('https://other.example/b', 5000, { anyName: true })).type, 'answer')
      proxy.manner = { type: 'guarded', user: 'a:b' }
      assert.match(
        why(await through.get('https://shop.example/', 5000)),
        /^The proxy http:.* wants a user and a password: 407/,
      )
      assert.match(
        why(await through.get('http://shop.example/', 5000)),
        /^The proxy http:.* wants a user and a password: 407/,
      )
      proxy.manner = { type: 'silent' }
      assert.match(why(await through.get('https://shop.example/', 500)), /nothing within/)
    } finally {
      untrust()
      await proxy.close()
    }
  })
})
