import assert from 'node:assert/strict'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { makeTakeRole } from '../../scripts/aws/access/take-role.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { RoleTarget } from '../../scripts/core/access/target.ts'
import { insideRehearsal } from './rehearsal.ts'

const account = '123456789012'
const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': 'acme-shop' } },
    },
  ],
}
const rights = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['sts:GetCallerIdentity', 'ec2:DescribeImages'], Resource: '*' }],
}

describe('a target', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()

  before(async () => {
    const iam = new IAMClient({ region: 'us-east-1' })
    await iam.send(
      new CreateRoleCommand({ RoleName: 'let-in', Path: '/riglet/', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    )
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'let-in', PolicyName: 'look', PolicyDocument: JSON.stringify(rights) }),
    )
  })

  const at = (target: RoleTarget, identify = makeTakeRole(target, { region: 'us-east-1' })) =>
    makeRegional({ region: target.region, identify }, makeClock(new AbortController().signal))
  const target: RoleTarget = { region: 'us-east-1', account, role: 'riglet/let-in', externalId: 'acme-shop' }

  it('is asked as the role there, which is taken once for all its regions', async () => {
    const [begin] = (await ground.rehearsal.journal()).slice(-1)
    const identify = makeTakeRole(target, { region: 'us-east-1' })
    const [here, there] = [at(target, identify), at({ ...target, region: 'eu-west-1' }, identify)]
    const [caller, images] = await Promise.all([here.account.caller(), there.images.owned({ Owner: 'nobody' })])
    assert.equal(caller, `arn:aws:sts::${account}:assumed-role/let-in/riglet`)
    assert.deepEqual(images, [])
    const calls = await ground.rehearsal.journal(begin?.number)
    assert.deepEqual(calls.map(({ operation, region }) => `${operation} ${region}`).sort(), [
      'AssumeRole us-east-1',
      'DescribeImages eu-west-1',
      'GetCallerIdentity us-east-1',
    ])
  })

  for (const [title, wrong] of [
    ['whose external id is another one', { externalId: 'somebody-else' }],
    ['whose role is not there', { role: 'riglet/nobody' }],
  ] as const)
    it(`${title} is told by its name, and nothing else is asked`, async () => {
      const asked = { ...target, ...wrong }
      await assert.rejects(at(asked).account.caller(), ({ code, message, remedy }: RigletError) => {
        assert.equal(code, 'ACCESS_DENIED')
        assert.ok(
          message.startsWith(`arn:aws:iam::${account}:role/${asked.role} does not let this account in: `),
          message,
        )
        assert.match(remedy, /trust policy .* external id/)
        return true
      })
    })
})
