import assert from 'node:assert/strict'
import { DescribeInternetGatewaysCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2'
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateGrantCommand, CreateKeyCommand, DescribeKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  DescribeCreateAccountStatusCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListRootsCommand,
  MoveAccountCommand,
} from '@aws-sdk/client-organizations'
import { CreateBucketCommand, GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { before, describe, it } from 'mocha'
import { assume, home, makeAccount, type Account, type Aws } from './support/accounts.ts'
import { clients } from './support/aws.ts'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { allow, policy } from './support/roles.ts'

describe('accounts, as AWS documents them', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  let other: Account
  const mine = (): Aws => ground.aws
  const under = async (aws: Aws, role: string, externalId?: string): Promise<Aws> =>
    clients({ ...ground.rehearsal, env: await assume(aws, role, externalId) })

  const roleIn = async (
    aws: Aws,
    RoleName: string,
    trusted: object,
    statements: readonly object[],
  ): Promise<string> => {
    const trust = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', ...trusted })
    const { Role } = await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
    const PolicyDocument = policy(...statements)
    await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
    return Role!.Arn!
  }

  before(async () => {
    other = await makeAccount(ground, 'consumer')
  })

  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
  it('are made by Organizations, and administered by a role that the first account may assume', async () => {
    const who = await other.in().sts.send(new GetCallerIdentityCommand({}))
    assert.equal(who.Account, other.id)
    assert.equal(who.Arn, `arn:aws:sts::${other.id}:assumed-role/OrganizationAccountAccessRole/test`)
    const { Accounts = [] } = await mine().organizations.send(new ListAccountsCommand({}))
    assert.deepEqual(
      Accounts.map(({ Id, Name, Status }) => [Id, Name, Status]).sort(),
      [
        [home(ground).id, 'master', 'ACTIVE'],
        [other.id, 'consumer', 'ACTIVE'],
      ].sort(),
    )
    const described = async ({ organizations }: Aws) =>
      (await organizations.send(new DescribeOrganizationCommand({}))).Organization
    assert.deepEqual(await described(other.in()), await described(mine()))
    const { code } = await refusal(other.in().organizations.send(new ListAccountsCommand({})))
    assert.equal(code, 'AccessDeniedException')
  })

  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html
  it('come to be after a while, and only once for an email address', async () => {
    const again = new CreateAccountCommand({ AccountName: 'again', Email: 'consumer@example.org' })
    const { CreateAccountStatus: asked } = await mine().organizations.send(again)
    assert.equal(asked!.State, 'IN_PROGRESS')
    assert.equal(asked!.AccountId, undefined)
    const request = new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: asked!.Id! })
    const { CreateAccountStatus: ended } = await until(
      () => mine().organizations.send(request),
      ({ CreateAccountStatus }) => CreateAccountStatus!.State !== 'IN_PROGRESS',
    )
    assert.deepEqual([ended!.State, ended!.FailureReason], ['FAILED', 'EMAIL_ALREADY_EXISTS'])
  })

  // https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
  it('have a default VPC with a way out in every region, each its own', async () => {
    const vpcs = []
    for (const { ec2 } of [mine(), other.in(), other.in('eu-west-1')]) {
      const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}))
      assert.deepEqual(
        Vpcs.map(({ IsDefault, CidrBlock }) => [IsDefault, CidrBlock]),
        [[true, '172.31.0.0/16']],
      )
      const attached = { Name: 'attachment.vpc-id', Values: [Vpcs[0]!.VpcId!] }
      const ways = await ec2.send(new DescribeInternetGatewaysCommand({ Filters: [attached] }))
      assert.equal(ways.InternetGateways!.length, 1)
      vpcs.push(Vpcs[0]!.VpcId!)
    }
    assert.equal(new Set(vpcs).size, 3)
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html
  it('let a principal of another one in by a role alone, and by its external id', async () => {
    const Principal = { AWS: home(ground).id }
    const Condition = { StringEquals: { 'sts:ExternalId': 'visitor' } }
    const role = await roleIn(other.in(), 'shared', { Principal, Condition }, [allow('ec2:DescribeVpcs')])
    for (const id of [undefined, 'wrong']) {
      const { code } = await refusal(assume(mine(), role, id))
      assert.equal(code, 'AccessDenied')
    }
    const inside = await under(mine(), role, 'visitor')
    await inside.ec2.send(new DescribeVpcsCommand({}))
    const { code } = await refusal(inside.ec2.send(new DescribeInternetGatewaysCommand({})))
    assert.equal(code, 'UnauthorizedOperation')
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
  it('both have a say when a role of one assumes a role of the other', async () => {
    const target = await roleIn(other.in(), 'target', { Principal: { AWS: home(ground).id } }, [allow('ec2:*')])
    const own = { Principal: { AWS: home(ground).id } }
    const plain = await under(mine(), await roleIn(mine(), 'plain', own, [allow('ec2:*')]))
    assert.equal((await refusal(assume(plain, target))).code, 'AccessDenied')
    const sender = await under(mine(), await roleIn(mine(), 'sender', own, [allow('sts:AssumeRole', target)]))
    await assume(sender, target)
    const closed = await roleIn(other.in(), 'closed', { Principal: { AWS: other.id } }, [allow('ec2:*')])
    assert.equal((await refusal(assume(mine(), closed))).code, 'AccessDenied')
  })

  it('keep their buckets to themselves until a policy of the bucket says otherwise', async () => {
    const Bucket = 'accounts-kept'
    const object = { Bucket, Key: 'a' }
    await other.in().s3.send(new CreateBucketCommand({ Bucket }))
    await other.in().s3.send(new PutObjectCommand({ ...object, Body: 'x' }))
    const { code, message } = await refusal(mine().s3.send(new GetObjectCommand(object)))
    assert.equal(code, 'AccessDenied')
    assert.match(message, /because no resource-based policy allows the s3:GetObject action$/)
    const Principal = { AWS: home(ground).id }
    const Policy = policy({ ...allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`), Principal })
    await other.in().s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    await mine().s3.send(new GetObjectCommand(object))
  })

  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
  it('use a key of another one as far as its policy and its grants go', async () => {
    const { KeyMetadata } = await mine().kms.send(new CreateKeyCommand({}))
    const KeyId = KeyMetadata!.Arn!
    const look = new DescribeKeyCommand({ KeyId })
    assert.equal((await refusal(other.in().kms.send(look))).code, 'AccessDeniedException')
    const owner = { ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${home(ground).id}:root` } }
    const guest = {
      ...allow(['kms:DescribeKey', 'kms:CreateGrant']),
      Principal: { AWS: `arn:aws:iam::${other.id}:root` },
    }
    await mine().kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: policy(owner, guest) }))
    assert.equal((await other.in().kms.send(look)).KeyMetadata!.Arn, KeyId)
    const own = { Principal: { AWS: other.id } }
    const reader = await roleIn(other.in(), 'reader', own, [allow('ec2:*')])
    const reading = await under(other.in(), reader)
    assert.equal((await refusal(reading.kms.send(look))).code, 'AccessDeniedException')
    const grant = new CreateGrantCommand({ KeyId, GranteePrincipal: reader, Operations: ['DescribeKey', 'Decrypt'] })
    await other.in().kms.send(grant)
    assert.equal((await reading.kms.send(look)).KeyMetadata!.Arn, KeyId)
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
  it('are told apart by their organisation and its units in conditions', async () => {
    const Bucket = 'accounts-of-one-unit'
    const object = { Bucket, Key: 'a' }
    await mine().s3.send(new CreateBucketCommand({ Bucket }))
    await mine().s3.send(new PutObjectCommand({ ...object, Body: 'x' }))
    const { Roots } = await mine().organizations.send(new ListRootsCommand({}))
    const ParentId = Roots![0]!.Id!
    const { OrganizationalUnit: unit } = await mine().organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId, Name: 'web' }),
    )
    const { Organization } = await mine().organizations.send(new DescribeOrganizationCommand({}))
    const only = { StringLike: { 'aws:PrincipalOrgPaths': `${Organization!.Id}/${ParentId}/${unit!.Id}/*` } }
    const statement = { ...allow('s3:GetObject', `arn:aws:s3:::${Bucket}/*`), Principal: '*', Condition: only }
    await mine().s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(statement) }))
    assert.equal((await refusal(other.in().s3.send(new GetObjectCommand(object)))).code, 'AccessDenied')
    await mine().organizations.send(
      new MoveAccountCommand({ AccountId: other.id, SourceParentId: ParentId, DestinationParentId: unit!.Id! }),
    )
    await other.in().s3.send(new GetObjectCommand(object))
  })
})
