import { RigletError } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { accountNames, riglet, type Accounts, type Consumer, type Network } from './places.ts'
import type { Tools, Variables } from './tools.ts'

type Credentials = {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
  }
}

/** The rights of whoever publishes, in the riglet's own account. */
const publisherRights = [
  { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/riglet/*' },
  {
    Effect: 'Allow',
    Action: [
      ...['ec2:*', 'kms:*', 'ssm:*', 's3:*', 'imagebuilder:*', 'cloudformation:*', 'codepipeline:*'],
      ...['autoscaling:Describe*', 'cloudwatch:DescribeAlarms'],
    ],
    Resource: '*',
  },
]

const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })

export const mayAssume = (who: string, more: object = {}): string =>
  policy({ Effect: 'Allow', Principal: { AWS: who }, Action: 'sts:AssumeRole', ...more })

/** The accounts of an organization, each made anew, by their names. */
export async function openAccounts({ aws }: Tools, { clock }: Pick<Ports, 'clock'>): Promise<Accounts> {
  await aws({}, 'organizations', 'create-organization')
  await Promise.all(
    accountNames.map((name) =>
      aws({}, 'organizations', 'create-account', '--account-name', name, '--email', `${name}@example.org`),
    ),
  )
  for (let asked = 0; asked < 60; asked += 1) {
    const { Accounts } = await aws<{ Accounts: readonly { Id: string; Name: string; Status: string }[] }>(
      {},
      ...['organizations', 'list-accounts'],
    )
    const ids = new Map(Accounts.filter(({ Status }) => Status === 'ACTIVE').map(({ Id, Name }) => [Name, Id]))
    if (accountNames.every((name) => ids.has(name)))
      return Object.fromEntries(accountNames.map((name) => [name, ids.get(name)!])) as Accounts
    await clock.sleep(300)
  }
  throw new RigletError('WAIT_TOO_LONG', 'The accounts of the demo were not there in time.')
}

/** What leads a client into a role. */
export async function enter({ aws }: Tools, role: string, as: Variables = {}): Promise<Variables> {
  const { Credentials } = await aws<Credentials>(
    as,
    ...['sts', 'assume-role', '--role-arn', role, '--role-session-name', 'demo'],
  )
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials
  return { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, AWS_SESSION_TOKEN: SessionToken }
}

/** Makes the role under which all of this runs, as the account's administrator. */
export async function makePublisher({ aws }: Tools): Promise<{ readonly arn: string; readonly account: string }> {
  const { Account: account } = await aws<{ Account: string }>({}, 'sts', 'get-caller-identity')
  const trust = mayAssume(`arn:aws:iam::${account}:root`)
  await aws({}, 'iam', 'create-role', '--role-name', 'publisher', '--assume-role-policy-document', trust)
  const rights = ['--policy-name', 'publisher', '--policy-document', policy(...publisherRights)]
  await aws({}, 'iam', 'put-role-policy', '--role-name', 'publisher', ...rights)
  return { arn: `arn:aws:iam::${account}:role/publisher`, account }
}

const artifactsStack = `${riglet.OWNER}-${riglet.PROJECT}-artifacts`

/** The one stack that a bake needs: it has the key. `make create-riglet` would make it, and all else of a riglet. */
export async function makeArtifacts({ aws }: Tools, { clock }: Pick<Ports, 'clock'>): Promise<void> {
  const asked = ['--stack-name', artifactsStack]
  const owned = { Owner: riglet.OWNER, Project: riglet.PROJECT }
  await aws(
    {},
    ...['cloudformation', 'create-stack', ...asked, '--template-body', 'file://cloudformation/artifacts.yaml'],
    ...['--capabilities', 'CAPABILITY_NAMED_IAM', '--parameters'],
    ...parametersOf({ ...owned, Riglet: `${riglet.OWNER}-${riglet.PROJECT}` }),
    ...[
      '--tags',
      ...Object.entries({ ...owned, Layer: 'artifacts' }).map(([Key, Value]) => `Key=${Key},Value=${Value}`),
    ],
  )
  for (;;) {
    const { Stacks } = await aws<{ Stacks: readonly [{ StackStatus: string }] }>(
      {},
      ...['cloudformation', 'describe-stacks', ...asked],
    )
    const [{ StackStatus }] = Stacks
    if (StackStatus === 'CREATE_COMPLETE') return
    if (StackStatus !== 'CREATE_IN_PROGRESS')
      throw new RigletError('STACK_FAILED', `The stack ${artifactsStack} is ${StackStatus}.`)
    await clock.sleep(500)
  }
}

const parametersOf = (values: Variables): readonly string[] =>
  Object.entries(values).map(([key, value]) => `ParameterKey=${key},ParameterValue=${value}`)

export const adminRole = (accounts: Accounts, name: (typeof accountNames)[number]): string =>
  `arn:aws:iam::${accounts[name]}:role/OrganizationAccountAccessRole`

/** What the account of each group has for it. */
export type Networks = Readonly<Record<Consumer['account'], Network>>
