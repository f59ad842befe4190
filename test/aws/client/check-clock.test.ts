import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { DescribeImagesCommand, EC2Client, type EC2ClientConfig } from '@aws-sdk/client-ec2'
import { makeClient } from '../../../scripts/aws/client/clients.ts'
import { clockSkew } from '../../../scripts/core/access/clock.ts'
import { failureOf } from '../../support/failure.ts'

const hour = 3_600_000
const good = '<DescribeImagesResponse><imagesSet/></DescribeImagesResponse>'
const refusal =
  '<Response><Errors><Error><Code>AuthFailure</Code><Message>AWS was not able to validate the provided access credentials</Message></Error></Errors></Response>'

/** Our own client, answered by a clock that differs from this machine's. */
function askAt(difference: number, status = 200) {
  let asked = 0
  const handle = () => {
    asked += 1
    const headers = { 'content-type': 'text/xml', date: new Date(Date.now() + difference).toUTCString() }
    const body = Readable.from([Buffer.from(status === 200 ? good : refusal)])
    return Promise.resolve({ response: { statusCode: status, headers, body } })
  }
  class Client extends EC2Client {
    constructor(configuration: EC2ClientConfig) {
      const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' }
      super({ ...configuration, credentials, requestHandler: { handle } as never })
    }
  }
  const client = makeClient(Client, { region: 'eu-central-1' })
  return { sent: client.send(new DescribeImagesCommand({})), count: () => asked }
}

describe('the clock of this machine', () => {
  for (const [what, difference, told] of [
    ['hours behind', 3 * hour, 'The clock of this machine is 3 hours behind that of AWS.'],
    ['minutes ahead', -6.5 * 60_000, 'The clock of this machine is 7 minutes ahead of that of AWS.'],
  ] as const)
    for (const status of [200, 401])
      it(`is told to be wrong, once, where it is ${what}, and AWS answers ${status} (B15)`, async () => {
        const { sent, count } = askAt(difference, status)
        const { code, message, remedy } = await failureOf(sent)
        assert.equal(code, 'CLOCK')
        // A date has no milliseconds, and the minute is half over.
        assert.equal(message.replace('is 6 min', 'is 7 min'), told)
        assert.match(remedy, /^Nothing more was asked of AWS: .* Set the clock/)
        assert.equal(count(), 1)
      })

  it('may be some minutes off, as AWS takes that', async () => {
    for (const difference of [-4 * 60_000, 0, 4 * 60_000]) await askAt(difference).sent
  })

  it('is not judged where the machine slept between request and answer, or no time was told', () => {
    const [sent, received] = [Date.parse('2026-02-01T08:00:00Z'), Date.parse('2026-02-01T11:00:00Z')]
    for (const date of ['Sun, 01 Feb 2026 08:00:00 GMT', 'Sun, 01 Feb 2026 11:00:02 GMT', 'soon', '', undefined])
      assert.equal(clockSkew(date, sent, received), undefined)
    assert.equal(clockSkew('Sun, 01 Feb 2026 12:00:00 GMT', sent, received), -hour)
    assert.equal(clockSkew('Sun, 01 Feb 2026 07:00:00 GMT', sent, received), hour)
  })
})
