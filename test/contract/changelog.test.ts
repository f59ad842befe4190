import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CopyImageCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { onRehearsal, until } from './rehearsal.ts'

const template = `
Parameters: { Repo: { Type: String }, Branch: { Type: String } }
Resources: { ArtifactBucket: { Type: "AWS::S3::Bucket" } }
Outputs: { ArtifactBucket: { Value: !Ref ArtifactBucket } }
`
const riglet = { Owner: 'acme', Project: 'shop' }
const asTags = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** The target's script as a user runs it, against images and lists that stand where a bake leaves them. */
describe('a changelog of two images', function () {
  this.timeout(240_000)
  const ground = onRehearsal()
  const ids: string[] = []

  const run = (more: Readonly<Record<string, string>>) => {
    const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', ...more }
    const env = { ...process.env, ...ground.rehearsal.env, ...settings }
    return spawnSync('node', ['scripts/riglet.ts', 'image', 'changelog'], { env, encoding: 'utf8' })
  }

  before(async () => {
    const { cloudformation, ec2, s3 } = ground.aws
    const StackName = 'acme-shop-jobs-shop-main'
    await cloudformation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: template,
        Parameters: Object.entries({ Repo: 'shop', Branch: 'main' }).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Tags: asTags({ ...riglet, Layer: 'jobs' }),
      }),
    )
    const stack = await until(
      async () => (await cloudformation.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!,
      ({ StackStatus }) => StackStatus === 'CREATE_COMPLETE',
    )
    const Bucket = stack.Outputs!.find(({ OutputKey }) => OutputKey === 'ArtifactBucket')!.OutputValue!
    const Filters = [
      { Name: 'name', Values: ['debian-12-*'] },
      { Name: 'architecture', Values: ['x86_64'] },
    ]
    const { Images: [base] = [] } = await ec2.send(new DescribeImagesCommand({ Filters }))
    for (const [Version, list] of [
      ['1.4.2', { curl: '7.88.1-10', nginx: '1.22.1-9' }],
      ['1.4.3', { curl: '7.88.1-10', nginx: '1.22.1-9+deb12u1', vim: '2:9.0.1378-2' }],
    ] as const) {
      const tags = { ...riglet, Image: 'web', Version, Inputs: 'f'.repeat(64), BuiltFor: 'pipeline shop main' }
      const { ImageId } = await ec2.send(
        new CopyImageCommand({
          Name: `acme-shop/candidate/web/${Version}`,
          SourceImageId: base!.ImageId!,
          SourceRegion: 'us-east-1',
          TagSpecifications: [{ ResourceType: 'image', Tags: asTags(tags) }],
        }),
      )
      ids.push(ImageId!)
      await s3.send(new PutObjectCommand({ Bucket, Key: `packages/${ImageId}.json`, Body: JSON.stringify(list) }))
    }
  })

  it('takes two calls beside one for each list, and tells what differs (B12)', async () => {
    const since = (await ground.rehearsal.journal()).at(-1)!.number
    const { status, stdout, stderr } = run({ FROM: '1.4.2', TO: ids[1]!, IMAGE: 'web', JSON: '1' })
    assert.equal(status, 0, stderr)
    const calls = (await ground.rehearsal.journal(since)).map(({ operation }) => operation)
    assert.deepEqual(calls.sort(), ['DescribeImages', 'DescribeStacks', 'GetObject', 'GetObject'])
    const { from, to, upgraded, added } = JSON.parse(stdout) as {
      from: { id: string }
      to: { id: string }
      upgraded: { name: string }[]
      added: { name: string }[]
    }
    assert.deepEqual([from.id, to.id], ids)
    assert.deepEqual(
      [upgraded, added].map((all) => all.map(({ name }) => name)),
      [['nginx'], ['vim']],
    )
  })

  it('says which image is not there', () => {
    const { status, stdout, stderr } = run({ FROM: 'ami-0123456789abcdef0', TO: ids[1]! })
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, /^There is no image ami-0123456789abcdef0 in us-east-1/)
  })
})
