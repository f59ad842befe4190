import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { CloudFormationClient, type CloudFormationClientConfig } from '@aws-sdk/client-cloudformation'
import { makeClient } from '../../../scripts/aws/client/clients.ts'
import { makeStacks } from '../../../scripts/aws/cloudformation/stacks.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { idOf } from '../../fakes/stacks.ts'

type Request = { readonly body: string }
const operationOf = ({ body }: Request): string => new URLSearchParams(body).get('Action') ?? ''

const answer = (statusCode: number, body: string) => ({
  response: { statusCode, headers: { 'content-type': 'text/xml' }, body: Readable.from([Buffer.from(body)]) },
})
const slowDown = answer.bind(
  undefined,
  400,
  '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
)

/** Our own client, as it asks of AWS; the first `throttled` polls are told to slow down. */
function stacksWith(throttled: number) {
  let polls = 0
  const asked: string[] = []
  const handle = (request: Request) => {
    const operation = operationOf(request)
    asked.push(operation)
    if (operation === 'DescribeStacks' && ++polls <= throttled) return Promise.resolve(slowDown())
    return Promise.resolve(answer(200, `<${operation}Response><${operation}Result/></${operation}Response>`))
  }
  class Client extends CloudFormationClient {
    constructor(configuration: CloudFormationClientConfig) {
      const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' }
      super({ ...configuration, credentials, requestHandler: { handle } as never })
    }
  }
  const options = { region: 'eu-central-1' }
  return { stacks: makeStacks(options, fakeClock(), makeClient(Client, options)), asked }
}

/** Seconds that a change takes after a poll. */
async function changeAfterPoll(throttled: number): Promise<{ readonly seconds: number; readonly asked: string[] }> {
  const { stacks, asked } = stacksWith(throttled)
  await stacks.find('web')
  const began = performance.now()
  await stacks.protect(idOf('web'), '{}')
  return { seconds: (performance.now() - began) / 1000, asked }
}

describe('one rate budget', function () {
  this.timeout(20_000)

  it('holds for polls and changes: what throttled a poll slows the change down, which is not refused (B15)', async () => {
    const calm = await changeAfterPoll(0)
    const slowed = await changeAfterPoll(1)
    assert.deepEqual(calm.asked, ['DescribeStacks', 'SetStackPolicy', 'UpdateTerminationProtection'])
    assert.deepEqual(slowed.asked, ['DescribeStacks', ...calm.asked])
    assert.ok(calm.seconds < 0.5, `${calm.seconds} s without throttling`)
    // The bucket fills by the clock, while a busy machine is still on its way to the change, too.
    assert.ok(slowed.seconds > 0.5, `${slowed.seconds} s after throttling`)
  })
})
