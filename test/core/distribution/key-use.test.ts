import assert from 'node:assert/strict'
import {
  groupOperations,
  groupRole,
  lacking,
  launchActions,
  ungranted,
} from '../../../scripts/core/distribution/key-use.ts'
import type { Grant } from '../../../scripts/core/ports/keys.ts'

const customer = '333333333333'
const allow = (Principal: unknown, more: object = {}) => ({
  ...{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' },
  ...more,
})
const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })
const own = allow({ AWS: 'arn:aws:iam::222222222222:root' })
const all = [...launchActions]

describe('whether another account may launch with a key (B10)', () => {
  const policies: readonly (readonly [string, readonly object[], readonly string[], readonly string[]])[] = [
    ['not by the policy that a key begins with', [], all, []],
    ['by its number', [allow({ AWS: customer })], [], []],
    ['by its root', [allow({ AWS: ['arn:aws:iam::444444444444:root', `arn:aws:iam::${customer}:root`] })], [], []],
    ['by a role of its own', [allow({ AWS: `arn:aws:iam::${customer}:role/deploy` })], [], []],
    ['not by a service', [allow({ Service: 'events.amazonaws.com' })], all, []],
    ['as everybody', [allow('*')], [], []],
    [
      'only for the actions that are named, patterns among them',
      [allow({ AWS: customer }, { Action: ['kms:Describe*', 'kms:ReEncrypt*', 'kms:decrypt'] })],
      ['kms:CreateGrant'],
      [],
    ],
    [
      'as who calls, which is not everybody',
      [allow({ AWS: '*' }, { Condition: { StringEquals: { 'kms:CallerAccount': '222222222222' } } })],
      all,
      [],
    ],
    [
      'through EC2, for what AWS makes',
      [
        allow(
          { AWS: customer },
          {
            Condition: {
              StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' },
              Bool: { 'kms:GrantIsForAWSResource': true },
            },
          },
        ),
      ],
      [],
      [],
    ],
    [
      'under conditions, where it hangs on what is not known here',
      [allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } })],
      [],
      all,
    ],
    [
      'not what is denied, whoever allows it',
      [allow({ AWS: customer }), { Effect: 'Deny', Principal: '*', Action: 'kms:CreateGrant', Resource: '*' }],
      ['kms:CreateGrant'],
      [],
    ],
    [
      'under conditions, where a denial hangs on what is not known here',
      [
        allow({ AWS: customer }),
        {
          ...{ Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
      [],
      ['kms:Decrypt'],
    ],
  ]
  for (const [title, statements, denied, open] of policies)
    it(title, () => {
      assert.deepEqual(lacking(customer, { policy: policy(own, ...statements), grants: [] }), { denied, open })
    })

  it('by a grant to it, as far as that goes', () => {
    const grants: Grant[] = [{ grantee: `arn:aws:iam::${customer}:root`, operations: ['Decrypt', 'DescribeKey'] }]
    const { denied } = lacking(customer, { policy: policy(own), grants })
    assert.deepEqual(denied, ['kms:CreateGrant', 'kms:ReEncryptFrom'])
  })

  it('not by what cannot be read as a policy', () => {
    for (const text of ['', '{', '[]', '{"Statement": "x"}'])
      assert.deepEqual(lacking(customer, { policy: text, grants: [] }).denied, all)
  })
})

describe('whether groups of another account may launch with a key (B10)', () => {
  const granted = (grantee: string, operations: readonly string[] = groupOperations) =>
    ungranted(customer, { policy: '{}', grants: [{ grantee, operations }] })

  it('takes a grant to its service-linked role, which may have a suffix', () => {
    assert.deepEqual(granted(groupRole(customer)), [])
    assert.deepEqual(granted(`${groupRole(customer)}_web`), [])
    assert.deepEqual(granted(groupRole('444444444444')), [...groupOperations])
    assert.deepEqual(granted(`arn:aws:iam::${customer}:root`), [...groupOperations])
  })

  it('names the operations that a grant leaves out', () => {
    assert.deepEqual(granted(groupRole(customer), groupOperations.slice(1)), ['CreateGrant'])
  })

  it('is not taken for the account itself being let in', () => {
    const grants = [{ grantee: groupRole(customer), operations: [...groupOperations] }]
    assert.deepEqual(lacking(customer, { policy: '{}', grants }).denied, all)
  })
})
