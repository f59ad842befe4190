import assert from 'node:assert/strict'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { hostOf, notPublic } from '../../../scripts/io/feeds/addresses.ts'
import { makeDownloads } from '../../../scripts/io/feeds/downloads.ts'
import { failureOf } from '../../support/failure.ts'
import { feedServer } from './support/feed-server.ts'
import { run } from './support/repositories.ts'

const plenty = { limit: 1_048_576, signed: true }

describe('a download from a repository', () => {
  const server = feedServer(({ url = '' }, response) => {
    const to = /^\/to\/(.*)$/.exec(url)?.[1]
    if (to !== undefined) response.writeHead(302, { location: decodeURIComponent(to) }).end()
    else if (url === '/round') response.writeHead(302, { location: '/round' }).end()
    else if (url === '/long') response.end(Buffer.alloc(2_000_000))
    else if (url === '/endless') response.write('and so on')
    else if (url === '/broken') response.writeHead(503).end()
    else response.end(`here is ${url}`)
  })
  const inside = makeDownloads({ allowed: ['127.0.0.1'], patience: 1000 })
  const outside = makeDownloads({ allowed: [], patience: 1000 })
  const body = async (url: string) => {
    const found = await inside.get(url, plenty)
    return found.type === 'there' ? Buffer.from(found.body).toString() : found.type
  }
  const refused = async (url: string, by = inside, options = plenty) => failureOf(by.get(url, options))

  it('comes where its host is allowed, and by redirects on it', async () => {
    assert.equal(await body(`${server.url}file`), 'here is /file')
    assert.equal(await body(`${server.url}to/%2Ffile`), 'here is /file')
  })

  for (const url of [
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/',
    'https://10.0.0.1/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:192.168.0.1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0.0.0.0/',
    'https://100.64.0.1/',
    'https://[64:ff9b::a00:1]/',
    'https://localhost/',
  ])
    it(`asks nobody at ${url}, and says how to allow it (B16)`, async () => {
      const { message, remedy } = await refused(url, outside)
      assert.match(message, /which is no public address \(\w+\)$/)
      assert.match(remedy, new RegExp(`FEED_HOSTS=${RegExp.escape(hostOf(new URL(url)))}$`))
    })

  it('that is allowed leads to no address inside', async () => {
    const { message } = await refused(`${server.url}to/${encodeURIComponent('https://169.254.169.254/')}`)
    // On plain HTTP nothing leads to another host anyhow.
    assert.match(message, /leads to https:\/\/169\.254\.169\.254\/, another host, without https/)
  })

  for (const [to, why] of [
    ['http://localhost/', /another host, without https/],
    ['file:///etc/passwd', /neither https nor http/],
    ['http://u:p@127.0.0.1/', /with a user or a password/],
    ['http://[/', /which is no address/],
  ] as const)
    it(`follows no redirect to ${to}`, async () =>
      assert.match((await refused(`${server.url}to/${encodeURIComponent(to)}`)).message, why))

  it('is given up when it is too long, takes too long, goes round in circles or is refused', async () => {
    assert.match((await refused(`${server.url}long`)).message, /long: it is longer than 1 MiB$/)
    assert.match((await refused(`${server.url}endless`)).message, /not all of it came within 1 s$/)
    assert.match((await refused(`${server.url}round`)).message, /redirect in a row$/)
    assert.match((await refused(`${server.url}broken`)).message, /it answers with status 503$/)
  })

  it('by plain HTTP wants a signature', async () => {
    const { message, remedy } = await refused('http://packages.example.com/', outside, { ...plenty, signed: false })
    assert.match(message, /anybody on the way could change it$/)
    assert.match(remedy, /FEED_HOSTS=packages\.example\.com$/)
  })

  it('knows public addresses', () => {
    assert.equal(notPublic('151.101.2.132'), undefined)
    assert.equal(notPublic('2a04:4e42::644'), undefined)
  })
})

describe('what comes packed', () => {
  const { unpack } = makeDownloads({ allowed: [] })
  const zeros = Buffer.alloc(30_000_000)
  const bombs = {
    gz: () => gzipSync(zeros),
    zst: () => zstdCompressSync(zeros),
    xz: () => Buffer.from(run('sh', ['-c', 'head -c 30000000 /dev/zero | xz | base64 -w0'], '/tmp'), 'base64'),
  } as const
  for (const packing of ['gz', 'zst', 'xz'] as const) {
    it(`as ${packing} is unpacked no further than allowed`, async () => {
      let got = 0
      const each = (text: string): void => void (got += text.length)
      const body = bombs[packing]()
      assert.ok(body.length < 100_000)
      const { message } = await failureOf(unpack('https://a/b', body, packing, { limit: 1_048_576, each }))
      assert.match(message, /unpacked, it is longer than 1 MiB$/)
      assert.ok(got <= 1_048_576)
    })
    it(`as ${packing} and cut off, or something else, is told`, async () => {
      const each = (): void => undefined
      const whole = bombs[packing]()
      for (const body of [whole.subarray(0, whole.length / 2), Buffer.from('something else')])
        assert.match(
          (await failureOf(unpack('https://a/b', body, packing, { limit: 1e9, each }))).message,
          /it cannot be unpacked: /,
        )
    })
  }
})
