import assert from 'node:assert/strict'
import { smokeVerb } from '../../../scripts/actions/app/smoke-verb.ts'
import { smoke } from '../../../scripts/actions/app/smoke.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Answer } from '../../../scripts/core/image/answer.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeClock, fakeHttp, fakeTerminal } from '../../fakes/image-ports.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'

const from = (imageId: string): Answer => ({
  type: 'answer',
  status: 200,
  body: JSON.stringify({ imageId, version: '2', commit: '4d1a90b7' }),
})
const desired = { url: 'http://app.test/', imageId: 'ami-0new', seconds: 60 }
const world = (...answers: readonly Answer[]) => ({
  http: fakeHttp(answers),
  clock: fakeClock(),
  terminal: fakeTerminal(),
})

describe('smoke', () => {
  it('is content when the deployed image answers several times in a row', async () => {
    const ports = world(from('ami-0new'))
    assert.equal((await smoke(desired, ports)).imageId, 'ami-0new')
    assert.equal(ports.http.asked.length, 5)
  })

  it('begins anew when an old machine answers in between', async () => {
    const ports = world(from('ami-0new'), from('ami-0old'), from('ami-0new'))
    await smoke(desired, ports)
    assert.equal(ports.http.asked.length, 7)
    assert.deepEqual(ports.terminal.said.filter((line) => line.includes('ami-0old')).length, 1)
  })

  const moved = (location: string): Answer => ({ type: 'answer', status: 301, body: '', location })

  it('follows a load balancer with a certificate to HTTPS, once', async () => {
    const ports = world(moved('https://app.test:443/identity.json'), from('ami-0new'))
    await smoke(desired, ports)
    assert.deepEqual(ports.http.asked, [
      'http://app.test/identity.json',
      ...Array<string>(5).fill('https://app.test/identity.json'),
    ])
    assert.match(ports.terminal.said.at(-1)!, /^https:\/\/app\.test\/ answers as version 2 /)
    assert.deepEqual(ports.http.anyName, [])
  })

  it('takes a certificate of any name only where no name was given, and says so', async () => {
    const ports = world(moved('https://app.test:443/identity.json'), from('ami-0new'))
    await smoke({ ...desired, anyName: true }, ports)
    assert.equal(ports.http.anyName.length, 6)
    assert.match(ports.terminal.said.join('\n'), /the app has no HOST_NAME, so any name is right in the certificate/)
  })

  for (const location of ['https://elsewhere.test/identity.json', 'http://app.test/login', '//:', ''])
    it(`follows no other redirect: ${location || 'to nowhere'}`, async () => {
      const ports = world(moved(location))
      await assert.rejects(smoke(desired, ports), /last it was: HTTP 301/)
      assert.deepEqual([...new Set(ports.http.asked)], ['http://app.test/identity.json'])
    })

  const wrong: readonly (readonly [string, Answer, RegExp])[] = [
    ['the old image', from('ami-0old'), /within 45 s; last it was: version 2 of ami-0old/],
    ['an error', { type: 'answer', status: 502, body: '' }, /last it was: HTTP 502/],
    ['nobody', { type: 'silence', why: 'ECONNREFUSED' }, /last it was: no answer \(ECONNREFUSED\)/],
  ]
  for (const [who, answer, message] of wrong) {
    it(`gives up in bounded time when ${who} answers, and says so`, async () => {
      const ports = world(answer)
      await assert.rejects(
        smoke(desired, ports),
        (error) => isRigletError(error, 'IMAGE') && message.test(error.message),
      )
      assert.ok(ports.clock.now().getTime() - Date.parse('2026-01-31T12:00:00Z') <= 61_000)
    })
  }
})

describe('make smoke', () => {
  const outputs = { Url: 'http://app.test/', ImageId: 'ami-0new', LoadBalancerDnsName: 'balancer.test' }
  const certificates: readonly (readonly [string, string, object, boolean, string | undefined])[] = [
    ['any name, for an app without a name', '', {}, true, undefined],
    ['its name at its load balancer, for an app that has one', 'app.test', {}, false, 'balancer.test'],
    ['the name in a URL that is given', '', { URL: 'https://app.test' }, false, undefined],
  ]
  for (const [words, HostName, given, anyName, at] of certificates)
    it(`asks the app of the stack, and wants a certificate of ${words}`, async () => {
      const state = stackState('acme-shop-staging-app-shop-main', 'UPDATE_COMPLETE', {
        outputs,
        parameters: { HostName },
      })
      const ports = { ...world(from('ami-0new')), stacks: fakeStacks({ states: [state] }) }
      await smokeVerb({ ...settings, ...given }, ports as unknown as Ports)
      assert.match(ports.http.asked[0]!, /app\.test\/identity\.json$/)
      assert.equal(ports.http.anyName.length > 0, anyName)
      assert.equal(ports.http.at[0], at)
      assert.ok(ports.stacks.calls.length <= 1, ports.stacks.calls.join(', '))
    })
})
