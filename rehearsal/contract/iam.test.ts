import assert from 'node:assert/strict'
import { CreateStackCommand } from '@aws-sdk/client-cloudformation'
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { CreatePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { DescribeParametersCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, it } from 'mocha'
import { allow, as, makeRole, policy } from './support/roles.ts'
import { onRehearsal, refusal } from './support/ground.ts'

const account = '123456789012'

describe('IAM, as AWS documents it', function () {
  this.timeout(30_000)
  const ground = onRehearsal()

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  it('denies a role what no policy allows, and says who, what, on which resource and why', async () => {
    const one = `arn:aws:ssm:us-east-1:${account}:parameter/mine/*`
    const arn = await makeRole(ground, 'reader', '', [allow('ssm:GetParameter', one), allow('s3:ListBucket')])
    const reader = await as(ground, arn)
    const me = `arn:aws:sts::${account}:assumed-role/reader/test`
    assert.equal((await reader.sts.send(new GetCallerIdentityCommand({}))).Arn, me)

    for (const Name of ['/mine/a', '/other/a'])
      await ground.aws.ssm.send(new PutParameterCommand({ Name, Value: 'x', Type: 'String' }))
    const { Parameter } = await reader.ssm.send(new GetParameterCommand({ Name: '/mine/a' }))
    assert.equal(Parameter?.Value, 'x')
    const other = `arn:aws:ssm:us-east-1:${account}:parameter/other/a`
    assert.deepEqual(await refusal(reader.ssm.send(new GetParameterCommand({ Name: '/other/a' }))), {
      code: 'AccessDeniedException',
      message:
        `User: ${me} is not authorized to perform: ssm:GetParameter on resource: ${other} ` +
        'because no identity-based policy allows the ssm:GetParameter action',
    })

    const denied = await refusal(reader.ec2.send(new DescribeInstancesCommand({})))
    assert.equal(denied.code, 'UnauthorizedOperation')
    assert.match(
      denied.message,
      /^You are not authorized to perform this operation\. User: .* is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action/,
    )
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
  it('lets an explicit deny win over any allow', async () => {
    await ground.aws.s3.send(new CreateBucketCommand({ Bucket: 'iam-kept' }))
    const deny = { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::iam-kept/secret/*' }
    const writer = await as(ground, await makeRole(ground, 'writer', '', [allow('s3:*'), deny]))
    const object = (Key: string) => ({ Bucket: 'iam-kept', Key })
    await writer.s3.send(new PutObjectCommand({ ...object('secret/a'), Body: 'x' }))
    const { code, message } = await refusal(writer.s3.send(new GetObjectCommand(object('secret/a'))))
    assert.equal(code, 'AccessDenied')
    assert.match(message, /with an explicit deny in an identity-based policy$/)
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
  it('lets a role be handed to a service only by who may pass it', async () => {
    const passed = await makeRole(ground, 'passed', 'cloudformation.amazonaws.com', [])
    const plain = await as(ground, await makeRole(ground, 'plain', '', [allow('cloudformation:*')]))
    const TemplateBody = JSON.stringify({ Resources: { A: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } })
    const stack = new CreateStackCommand({ StackName: 'passed', TemplateBody, RoleARN: passed })
    const { code, message } = await refusal(plain.cloudformation.send(stack))
    assert.equal(code, 'AccessDenied')
    assert.ok(message.includes(`is not authorized to perform: iam:PassRole on resource: ${passed}`), message)
    const statements = [allow('cloudformation:*'), allow('iam:PassRole', passed)]
    const trusted = await as(ground, await makeRole(ground, 'trusted', '', statements))
    assert.match((await trusted.cloudformation.send(stack)).StackId ?? '', /:stack\/passed\//)
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
  it('holds a role inside its permissions boundary', async () => {
    const limit = new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: policy(allow('ssm:*')) })
    const boundary = (await ground.aws.iam.send(limit)).Policy!.Arn!
    const inside = await as(ground, await makeRole(ground, 'inside', '', [allow('*')], boundary))
    await inside.ssm.send(new DescribeParametersCommand({}))
    const { code, message } = await refusal(inside.s3.send(new CreateBucketCommand({ Bucket: 'outside' })))
    assert.equal(code, 'AccessDenied')
    assert.match(message, /because no permissions boundary allows the s3:CreateBucket action$/)
  })

  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  it('lets nobody assume a role that does not trust them', async () => {
    const RoleArn = await makeRole(ground, 'closed', 'ec2.amazonaws.com', [])
    const closed = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' })
    const { code, message } = await refusal(ground.aws.sts.send(closed))
    assert.equal(code, 'AccessDenied')
    assert.ok(message.endsWith(`is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`), message)
  })
})
