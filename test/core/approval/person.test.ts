import assert from 'node:assert/strict'
import { nameIn, twoPeople } from '../../../scripts/core/approval/person.ts'

const user = (name: string, account = '123456789012') => `arn:aws:iam::${account}:user/${name}`
const session = (role: string, name: string) => `arn:aws:sts::123456789012:assumed-role/${role}/${name}`
const root = 'arn:aws:iam::123456789012:root'

describe('whether two people stand behind two ARNs', () => {
  for (const [what, pusher, approver] of [
    ['two users', user('ann'), user('bob')],
    ['two sessions of one role', session('Admin', 'ann@example.com'), session('Admin', 'bob@example.com')],
    ['one name at two addresses', session('Admin', 'ann@example.com'), session('Admin', 'ann@example.org')],
    ['a machine and a person', session('ci', 'GitHubActions'), user('bob')],
    ['a user under a path, and one that a session is called after', user('team/ann'), session('Admin', 'bob')],
    ['other partitions', 'arn:aws-cn:iam::123456789012:user/ann', 'arn:aws-cn:iam::123456789012:user/bob'],
  ] as const)
    it(`${what}: two`, () => assert.deepEqual(twoPeople(pusher, approver), { type: 'two' }))

  for (const [what, pusher, approver] of [
    ['the same user', user('ann'), user('ann')],
    ['the same user of another account', user('ann', '210987654321'), user('ann')],
    ['a user under a path, and without it', user('team/ann'), user('ann')],
    [
      'one person in two sessions, hours apart',
      session('Admin', 'ann@example.com'),
      session('Admin', 'Ann@Example.com'),
    ],
    ['one person under two roles', session('Developer', 'ann@example.com'), session('Approver', 'ann@example.com')],
    ['a user, and a session called after it', user('ann'), session('Approver', 'ann')],
    ['a user, and a session with the address', user('ann'), session('Approver', 'ann@example.com')],
    ['a federated user', 'arn:aws:sts::123456789012:federated-user/ann', user('ann')],
    ['the very same ARN, whatever it says', root, root],
  ] as const)
    it(`${what}: one`, () => assert.equal(twoPeople(pusher, approver).type, 'one'))

  for (const [what, pusher, approver, why] of [
    ['nobody told who pushed', '', user('bob'), /not known who pushed/],
    ['nobody told who approved', user('ann'), '', /not known who approved/],
    ['what says no person', user('ann'), 'codepipeline.amazonaws.com', /not known who approved/],
    ['root', root, user('bob'), /pushed was by the account's root user/],
    ['a role without a session', user('ann'), 'arn:aws:iam::123456789012:role/Admin', /is no person/],
    [
      'a session that the aws CLI named',
      session('Admin', 'botocore-session-1764500000'),
      user('bob'),
      /a tool made up/,
    ],
    ['a session that an SDK named', user('ann'), session('Admin', 'aws-sdk-js-1764500000000'), /a tool made up/],
    ['a machine of EC2', session('web', 'i-0123456789abcdef0'), user('bob'), /a tool made up/],
    ['a session of digits', session('Admin', '1764500000000000000'), user('bob'), /a tool made up/],
    ['a build', session('build', 'AWSCodeBuild-0f4e'), user('bob'), /a tool made up/],
  ] as const)
    it(`${what}: unknown, which is not two`, () => {
      const apart = twoPeople(pusher, approver)
      assert.ok(apart.type === 'unknown')
      assert.match(apart.why, why)
    })

  it('is asked of names that screens show, too', () => {
    assert.deepEqual([user('team/ann'), session('Admin', 'ann@example.com'), root].map(nameIn), [
      'ann',
      'ann@example.com',
      'root',
    ])
  })
})
