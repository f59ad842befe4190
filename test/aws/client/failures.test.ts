import assert from 'node:assert/strict'
import { awsCode, awsMessage, toRigletError } from '../../../scripts/aws/client/failures.ts'
import { RigletError, type ErrorCode } from '../../../scripts/core/errors.ts'

const origin = { region: 'eu-central-1' }
const sdk = (name: string, message = 'words of AWS', more: object = {}): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }, more)
const network = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

describe('failures of the SDK', () => {
  const cases: readonly [string, Error, ErrorCode][] = [
    ['no credentials', sdk('CredentialsProviderError'), 'NO_CREDENTIALS'],
    ['an expired token', sdk('ExpiredToken'), 'EXPIRED_CREDENTIALS'],
    [
      'an expired SSO session',
      sdk('CredentialsProviderError', 'The SSO session associated with this profile has expired'),
      'EXPIRED_CREDENTIALS',
    ],
    ['an unknown key', sdk('InvalidClientTokenId'), 'WRONG_CREDENTIALS'],
    ['a wrong secret', sdk('SignatureDoesNotMatch'), 'WRONG_CREDENTIALS'],
    ['a missing right', sdk('AccessDenied', 'User: x is not authorized to perform: y'), 'ACCESS_DENIED'],
    ['a missing right in EC2', sdk('UnauthorizedOperation'), 'ACCESS_DENIED'],
    ['a region that is not enabled, as EC2 answers', sdk('AuthFailure'), 'WRONG_CREDENTIALS'],
    ['a region that is not enabled, as others answer', sdk('OptInRequired'), 'ACCESS_DENIED'],
    ['throttling', sdk('Throttling'), 'THROTTLED'],
    ['throttling in EC2', sdk('RequestLimitExceeded'), 'THROTTLED'],
    ['a region that does not exist', network('ENOTFOUND'), 'WRONG_REGION'],
    ['nobody listening', network('ECONNREFUSED'), 'ENDPOINT_DOWN'],
    ['a host that is down', network('EHOSTDOWN'), 'ENDPOINT_DOWN'],
    ['a socket that was closed', network('UND_ERR_SOCKET'), 'ENDPOINT_DOWN'],
    ['a cause below the failure', new TypeError('fetch failed', { cause: network('ECONNRESET') }), 'ENDPOINT_DOWN'],
    ['several addresses, none of which answers', new AggregateError([network('ECONNREFUSED')]), 'ENDPOINT_DOWN'],
    ['TLS that fails', network('EPROTO'), 'ENDPOINT_DOWN'],
    ['a certificate that has expired', network('CERT_HAS_EXPIRED'), 'ENDPOINT_DOWN'],
    ['a certificate that signs itself', network('DEPTH_ZERO_SELF_SIGNED_CERT'), 'ENDPOINT_DOWN'],
    ["a proxy's own authority", network('SELF_SIGNED_CERT_IN_CHAIN'), 'ENDPOINT_DOWN'],
    ['an unknown authority', network('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'ENDPOINT_DOWN'],
    ['a certificate for another name', network('ERR_TLS_CERT_ALTNAME_INVALID'), 'ENDPOINT_DOWN'],
    ['something that does not speak HTTP', network('HPE_INVALID_CONSTANT'), 'ENDPOINT_DOWN'],
    [
      'an endpoint that is no URL',
      Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }),
      'SETTINGS',
    ],
    ['a time-out', sdk('TimeoutError', 'timed out'), 'ENDPOINT_DOWN'],
    ['anything else that AWS says', sdk('ValidationError', 'Template format error'), 'AWS_REFUSED'],
  ]
  for (const [title, error, code] of cases)
    it(`are told apart: ${title}`, () => {
      const told = toRigletError(error, origin)
      assert.ok(told instanceof RigletError)
      assert.equal(told.code, code)
      assert.equal(told.cause, error)
    })

  it('name a region that is not enabled, and how it is', () => {
    const words = 'AWS was not able to validate the provided access credentials'
    for (const [code, message] of [
      [
        'AuthFailure',
        /take these credentials in \S+, a region that the account may not have enabled: AWS was not able/,
      ],
      ['OptInRequired', /^\S+ is not enabled in the account: AWS was not able/],
    ] as const) {
      const told = toRigletError(sdk(code, words), origin) as RigletError
      assert.match(told.message, message)
      assert.ok(told.remedy.includes(`aws account enable-region --region-name ${origin.region}`), told.remedy)
    }
  })

  it("keep AWS's own words and code", () => {
    const told = toRigletError(sdk('ValidationError', 'Template format error'), origin)
    assert.equal(awsCode(told), 'ValidationError')
    assert.equal(awsMessage(told), 'Template format error')
    assert.match((told as RigletError).message, /AWS refused: Template format error \(ValidationError\)/)
  })

  it('say what gives new credentials, where that is known', () => {
    const remedy = (): string => 'Log in: aws sso login --profile work'
    const told = toRigletError(sdk('ExpiredToken'), { ...origin, remedy }) as RigletError
    assert.equal(told.remedy, 'Log in: aws sso login --profile work')
    const bare = toRigletError(sdk('CredentialsProviderError'), origin) as RigletError
    assert.match(bare.remedy, /Set PROFILE in \.make/)
    assert.doesNotMatch(bare.remedy, /sso/)
  })

  it('name the proxy in between, and offer one where AWS has no address', () => {
    const proxy = { url: 'http://me:secret@proxy:3128', shown: 'http://****@proxy:3128', variable: 'HTTPS_PROXY' }
    const reset = toRigletError(network('ECONNRESET'), { ...origin, proxy }) as RigletError
    assert.match(reset.message, /at AWS in eu-central-1 through the proxy http:\/\/\*{4}@proxy:3128 \(HTTPS_PROXY\)/)
    const asked = toRigletError(sdk('407', 'x', { $metadata: { httpStatusCode: 407 } }), { ...origin, proxy })
    assert.equal((asked as RigletError).code, 'PROXY')
    assert.match((toRigletError(network('ENOTFOUND'), origin) as RigletError).remedy, /export HTTPS_PROXY=/)
  })

  it('say where an endpoint that does not answer was looked for', () => {
    const told = toRigletError(network('ECONNREFUSED'), {
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
    }) as RigletError
    assert.match(told.message, /Nobody answers at http:\/\/127\.0\.0\.1:1/)
    assert.match(told.remedy, /Start what should answer there/)
  })

  it('say why nobody answers, and how often it was tried', () => {
    const once = Object.assign(network('EHOSTDOWN'), { $metadata: { attempts: 1 } })
    assert.match(
      (toRigletError(once, origin) as RigletError).message,
      /in eu-central-1 \(EHOSTDOWN\); 1 attempt was made\.$/,
    )
    const often = Object.assign(network('ECONNREFUSED'), { $metadata: { attempts: 8 } })
    assert.match((toRigletError(often, origin) as RigletError).message, /\(ECONNREFUSED\); 8 attempts were made\.$/)
  })

  it('say what is wrong with a certificate, and what helps', () => {
    const told = (code: string, words: string): RigletError =>
      toRigletError(Object.assign(new Error(words), { code }), origin) as RigletError
    const proxy = told('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain')
    assert.equal(
      proxy.message,
      'No secure connection to AWS in eu-central-1: self-signed certificate in certificate chain (SELF_SIGNED_CERT_IN_CHAIN).',
    )
    assert.match(proxy.remedy, /proxy.*NODE_EXTRA_CA_CERTS/)
    assert.match(told('CERT_HAS_EXPIRED', 'certificate has expired').remedy, /clock/)
    const plain = told(
      'EPROTO',
      'write EPROTO 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../a.c:350:\n',
    )
    assert.match(plain.message, /: wrong version number \(EPROTO\)\.$/)
    assert.match(plain.remedy, /http:\/\//)
  })

  it('leave bugs alone', () => {
    const bug = new TypeError('x is undefined')
    assert.equal(toRigletError(bug, origin), bug)
  })
})
