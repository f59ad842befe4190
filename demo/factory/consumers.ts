import { readFile } from 'node:fs/promises'
import { RigletError } from '../../scripts/core/errors.ts'
import { anObject, readJson } from '../../scripts/core/json.ts'
import { mayAssume } from './accounts.ts'
import type { Factory } from './factory.ts'
import { externalId, type AccountName, type Consumer, type Network } from './places.ts'
import type { Tools, Variables } from './tools.ts'

/** The role that docs/following.md asks for, with exactly the rights that stand there, and a network that lets HTTP in. */
export async function prepareConsumer(
  { region }: Consumer,
  admin: Variables,
  publisher: string,
  { aws }: Tools,
): Promise<Network> {
  const [, fenced] = (await readFile('docs/following.md', 'utf8')).split('```json\n')
  const rights = fenced?.split('```')[0]
  if (rights === undefined) throw new RigletError('FILE', 'docs/following.md has no policy for the role any more.')
  const trust = mayAssume(publisher, { Condition: { StringEquals: { 'sts:ExternalId': externalId } } })
  const role = ['--role-name', 'follow']
  await aws(admin, 'iam', 'create-role', ...role, '--path', '/riglet/', '--assume-role-policy-document', trust)
  const here = ['--region', region]
  const [, , { Subnets }, { SecurityGroups }] = await Promise.all([
    aws(admin, 'iam', 'put-role-policy', ...role, '--policy-name', 'follow', '--policy-document', rights),
    aws(
      admin,
      ...['ec2', 'authorize-security-group-ingress', '--group-name', 'default', ...here],
      ...['--protocol', 'tcp', '--port', '80', '--cidr', '0.0.0.0/0'],
    ),
    aws<{ Subnets: readonly [{ SubnetId: string }] }>(
      admin,
      ...['ec2', 'describe-subnets', '--filters', 'Name=default-for-az,Values=true', ...here],
    ),
    aws<{ SecurityGroups: readonly [{ GroupId: string }] }>(
      admin,
      ...['ec2', 'describe-security-groups', '--group-names', 'default', ...here],
    ),
  ])
  return { subnet: Subnets[0].SubnetId, group: SecurityGroups[0].GroupId }
}

type Told = { readonly accounts: readonly { readonly name: AccountName; readonly command: string }[] }

/** Each account deploys its one stack, by the command that `make accounts` prints; all at once. */
export async function letIn({ tools, admins }: Pick<Factory, 'tools' | 'admins'>): Promise<void> {
  // It ends with 1 as long as a role does not answer, which is what it is asked about.
  const text = await tools.make(['accounts', 'JSON=1'], { fails: true, shows: /"command"/ })
  const { accounts } = await readJson('make accounts', text, anObject<Told>('accounts'))
  await Promise.all(
    accounts.map(async ({ name, command }) => {
      const [, ...words] = command.split(' ')
      await tools.aws(admins[name], ...words)
      tools.say(`  ${name} has deployed it`)
    }),
  )
}
