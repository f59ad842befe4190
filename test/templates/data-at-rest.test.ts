import assert from 'node:assert/strict'
import { render } from './support/render.ts'
import { loadTemplate, objectsIn, type Value } from './support/template.ts'
import { everyTemplate } from './support/policies.ts'

describe('what holds data', () => {
  it('is private, versioned, encrypted with our key, and reached over TLS alone', async () => {
    const buckets = (await Promise.all((['artifacts', 'jobs', 'publication'] as const).map(loadTemplate))).flatMap(
      ({ Resources }) =>
        Object.entries(Resources)
          .filter(([, { Type }]) => Type === 'AWS::S3::Bucket')
          .map(([id, { Properties = {} }]) => ({ id, Properties, Resources })),
    )
    assert.equal(buckets.length, 4)
    for (const { id, Properties, Resources } of buckets) {
      assert.deepEqual(new Set(Object.values(Properties['PublicAccessBlockConfiguration'] as object)), new Set([true]))
      assert.deepEqual(Properties['VersioningConfiguration'], { Status: 'Enabled' })
      assert.match(
        JSON.stringify(Properties['BucketEncryption']),
        /"aws:kms".*"KMSMasterKeyID":{"Fn::(?:GetAtt":\["Key","Arn"\]|ImportValue":{"Fn::Sub":"\$\{Artifacts\}-KeyArn"})}/,
      )
      const policy = Object.values(Resources).find(
        ({ Type, Properties: own }) =>
          Type === 'AWS::S3::BucketPolicy' && (own?.['Bucket'] as { Ref?: string } | undefined)?.Ref === id,
      )
      assert.match(JSON.stringify(policy), /"Effect":"Deny".*"aws:SecureTransport":"false"/)
    }
  })

  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
  it('is encrypted with a key that Auto Scaling may use, also before its role exists', async () => {
    const { Resources } = await loadTemplate('artifacts')
    const { Statement } = render(Resources['Key']!.Properties!['KeyPolicy']!) as unknown as {
      Statement: {
        Principal: { AWS?: string }
        Action: string | string[]
        Condition?: Record<string, Record<string, string>>
      }[]
    }
    const ours = Statement.filter(({ Condition }) =>
      Condition?.['ArnEquals']?.['aws:PrincipalArn']?.endsWith('/AWSServiceRoleForAutoScaling'),
    )
    assert.deepEqual(ours.flatMap(({ Action }) => Action).toSorted(), [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
    ])
    for (const { Principal, Condition } of ours) {
      assert.equal(Principal.AWS, '*')
      assert.equal(Condition?.['StringEquals']?.['kms:CallerAccount'], '123456789012')
    }
    const grant = ours.find(({ Action }) => Action === 'kms:CreateGrant')
    assert.equal(grant?.Condition?.['Bool']?.['kms:GrantIsForAWSResource'], 'true')
  })

  it('holds no secret in a template', async () => {
    for (const { template } of await everyTemplate())
      for (const { at } of objectsIn(template as unknown as Value))
        for (const key of Object.keys(at))
          // A condition on whose secret is decrypted, which names it and holds nothing of it.
          if (key !== 'kms:EncryptionContext:SecretARN') assert.doesNotMatch(key, /password|secret|token$/i)
  })
})
