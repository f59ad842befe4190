import assert from 'node:assert/strict'
import { awsCode, awsMessage, toRigletError } from '../../scripts/aws/failures.ts'
import { RigletError, type ErrorCode } from '../../scripts/core/errors.ts'

const origin = { region: 'eu-central-1', profile: 'work' }
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
    ['throttling', sdk('Throttling'), 'THROTTLED'],
    ['throttling in EC2', sdk('RequestLimitExceeded'), 'THROTTLED'],
    ['a region that does not exist', network('ENOTFOUND'), 'WRONG_REGION'],
    ['nobody listening', network('ECONNREFUSED'), 'ENDPOINT_DOWN'],
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

  it("keep AWS's own words and code", () => {
    const told = toRigletError(sdk('ValidationError', 'Template format error'), origin)
    assert.equal(awsCode(told), 'ValidationError')
    assert.equal(awsMessage(told), 'Template format error')
    assert.match((told as RigletError).message, /AWS refused: Template format error \(ValidationError\)/)
  })

  it('say how to log in, with the profile in use', () => {
    const told = toRigletError(sdk('ExpiredToken'), origin) as RigletError
    assert.match(told.remedy, /aws sso login --profile work/)
    const bare = toRigletError(sdk('CredentialsProviderError'), { region: 'eu-central-1' }) as RigletError
    assert.match(bare.remedy, /Set PROFILE in \.make/)
  })

  it('say where an endpoint that does not answer was looked for', () => {
    const told = toRigletError(network('ECONNREFUSED'), {
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
    }) as RigletError
    assert.match(told.message, /Nobody answers at http:\/\/127\.0\.0\.1:1/)
    assert.match(told.remedy, /make aws-up/)
  })

  it('leave bugs alone', () => {
    const bug = new TypeError('x is undefined')
    assert.equal(toRigletError(bug, origin), bug)
  })
})
