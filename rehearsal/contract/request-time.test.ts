import assert from 'node:assert/strict'
import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, it } from 'mocha'
import { onRehearsal } from './support/ground.ts'

// https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html
describe('a request that was signed by a clock that is wrong', function () {
  this.timeout(60_000)
  const ground = onRehearsal()

  /** How each service answers, asked once: the SDK learns the right time of the first answer. */
  const answersAt = async (minutes: number): Promise<readonly string[]> => {
    const { env, endpoint } = ground.rehearsal
    const credentials = { accessKeyId: env['AWS_ACCESS_KEY_ID']!, secretAccessKey: env['AWS_SECRET_ACCESS_KEY']! }
    const systemClockOffset = minutes * 60_000
    const options = { endpoint, region: 'us-east-1', credentials, systemClockOffset, maxAttempts: 1 }
    const asked = [
      new EC2Client(options).send(new DescribeImagesCommand({ Owners: ['self'] })),
      new S3Client({ ...options, forcePathStyle: true }).send(new ListBucketsCommand({})),
      new SSMClient(options).send(new GetParametersByPathCommand({ Path: '/none' })),
      new STSClient(options).send(new GetCallerIdentityCommand({})),
    ]
    return Promise.all(
      asked.map((one: Promise<unknown>) =>
        one.then(
          () => 'taken',
          ({ name, message }: Error) => `${name}: ${message.replaceAll(/\d{8}T\d{6}Z/g, 'TIME')}`,
        ),
      ),
    )
  }

  for (const [minutes, words] of [
    [-180, 'Signature expired: TIME is now earlier than TIME (TIME - 5 min.)'],
    [180, 'Signature not yet current: TIME is still later than TIME (TIME + 5 min.)'],
  ] as const)
    it(`is refused in each service's own words at ${minutes} minutes`, async () => {
      assert.deepEqual(await answersAt(minutes), [
        'RequestExpired: Request has expired.',
        'RequestTimeTooSkewed: The difference between the request time and the current time is too large.',
        `InvalidSignatureException: ${words}`,
        `SignatureDoesNotMatch: ${words}`,
      ])
    })

  it('is taken by EC2 and S3 for a quarter of an hour, by the others for five minutes', async () => {
    const [ec2, s3, ...others] = await answersAt(-10)
    assert.deepEqual([ec2, s3], ['taken', 'taken'])
    for (const one of others) assert.match(one, /Signature expired/)
    assert.deepEqual(new Set(await answersAt(-4)), new Set(['taken']))
  })
})
