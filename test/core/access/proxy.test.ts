import assert from 'node:assert/strict'
import { proxyFor, readProxies } from '../../../scripts/core/access/proxy.ts'

const through = (address: string, environment: Record<string, string>, endpoint?: string): string | undefined => {
  const proxies = readProxies(environment, endpoint)
  return proxies && proxyFor(address, proxies)?.url
}
const aws = 'https://ec2.eu-central-1.amazonaws.com'
const [one, two] = ['http://one:3128/', 'http://two:3128/']

describe('proxies', () => {
  it('are none where no variable is set', () => {
    assert.equal(readProxies({ NO_PROXY: 'x', PROXY: one }), undefined)
    assert.equal(readProxies({ HTTPS_PROXY: '', all_proxy: ' ' }), undefined)
  })

  it('are told by protocol; the small spelling counts, and ALL_PROXY where there is no other', () => {
    assert.equal(through(aws, { HTTPS_PROXY: one, HTTP_PROXY: two }), one)
    assert.equal(through('http://a.example', { HTTPS_PROXY: one, HTTP_PROXY: two }), two)
    assert.equal(through(aws, { HTTPS_PROXY: one, https_proxy: two }), two)
    assert.equal(through(aws, { HTTPS_PROXY: one, https_proxy: '' }), undefined)
    assert.equal(through(aws, { HTTP_PROXY: one }), undefined)
    assert.equal(through(aws, { HTTP_PROXY: one, ALL_PROXY: two }), two)
  })

  it('are http where nothing else is said, and never shown with user and password', () => {
    assert.equal(through(aws, { HTTPS_PROXY: 'one:3128' }), one)
    const proxies = readProxies({ HTTPS_PROXY: 'https://me:secret@one:3128' })
    assert.deepEqual(proxies?.https, {
      url: 'https://me:secret@one:3128/',
      variable: 'HTTPS_PROXY',
      shown: 'https://****@one:3128',
    })
  })

  for (const value of [
    'http://:3128',
    'ftp://one',
    'one two',
    'http://me:a#b@one:1',
    'http://me:%zz@one',
    'http://one:99999',
  ])
    it(`that are no address are refused, and the value stays unsaid: ${value}`, () => {
      assert.throws(
        () => readProxies({ ALL_PROXY: value }),
        ({ message }: Error) => /ALL_PROXY: is not of the form/.test(message) && !message.includes(value),
      )
    })

  const cases: readonly [except: string, address: string, proxied: boolean][] = [
    ['amazonaws.com', aws, false],
    ['.amazonaws.com', aws, false],
    ['*.amazonaws.com', aws, false],
    ['AmazonAWS.com.', aws, false],
    ['ec2.eu-central-1.amazonaws.com', aws, false],
    ['mazonaws.com', aws, true],
    ['other.com, amazonaws.com', aws, false],
    ['other.com amazonaws.com', aws, false],
    ['amazonaws.com:443', aws, false],
    ['amazonaws.com:8443', aws, true],
    ['*', aws, false],
    ['10.0.0.0/8', 'https://10.1.2.3:8443', false],
    ['10.0.0.0/16', 'https://10.1.2.3:8443', true],
    ['10.1.2.3', 'https://10.1.2.3:8443', false],
    ['1.2.3', 'https://10.1.2.3', true],
    ['0.0.0.0/0', 'https://10.1.2.3', false],
    ['10.0.0.0/8', aws, true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', false],
    ['2001:db8::1', 'https://[2001:db8::1]', false],
    ['', aws, true],
  ]
  for (const [except, address, proxied] of cases)
    it(`${proxied ? 'lead' : 'do not lead'} to ${address} with NO_PROXY=${except}`, () => {
      assert.equal(through(address, { HTTPS_PROXY: one, no_proxy: except }), proxied ? one : undefined)
    })

  it('never lead to this machine or its link', () => {
    for (const host of [
      'localhost',
      'a.localhost',
      '127.0.0.1',
      '127.9.9.9',
      '[::1]',
      '169.254.169.254',
      '169.254.170.2',
    ])
      assert.equal(through(`http://${host}:4566`, { ALL_PROXY: one }), undefined, host)
  })

  it('are none at all where AWS itself is a stand-in on this machine', () => {
    for (const endpoint of ['http://127.0.0.1:4566', 'http://localhost:4566', 'https://[::1]:1'])
      assert.equal(readProxies({ ALL_PROXY: one }, endpoint), undefined)
    assert.equal(through('http://app.example', { ALL_PROXY: one }, 'http://aws.example'), one)
  })
})
