import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  DescribeCreateAccountStatusCommand,
  DescribeOrganizationCommand,
} from '@aws-sdk/client-organizations'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { clients } from './aws.ts'
import type { Ground } from './ground.ts'
import { until } from './until.ts'

export type Aws = ReturnType<typeof clients>
/** An account by its number, and its administrator's clients in each region. */
export type Account = { readonly id: string; readonly in: (region?: string) => Aws }

/** The account that a rehearsal begins with, which manages the others. */
export const home = (ground: Ground): Account => ({
  id: '123456789012',
  in: (region) => clients(ground.rehearsal, region),
})

/** Makes a further account, and an organisation where there is none; its administrator comes from the first account. */
export async function makeAccount(ground: Ground, name: string): Promise<Account> {
  const { organizations } = ground.aws
  await organizations.send(new DescribeOrganizationCommand({})).catch(async (error: Error) => {
    if (error.name !== 'AWSOrganizationsNotInUseException') throw error
    await organizations.send(new CreateOrganizationCommand({}))
  })
  const asked = new CreateAccountCommand({ AccountName: name, Email: `${name}@example.org` })
  const { CreateAccountStatus } = await organizations.send(asked)
  const CreateAccountRequestId = CreateAccountStatus!.Id!
  const made = await until(
    async () =>
      (await organizations.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId })))
        .CreateAccountStatus!,
    ({ State }) => State !== 'IN_PROGRESS',
  )
  if (made.State !== 'SUCCEEDED') throw new Error(`no account ${name}: ${made.FailureReason}`)
  const id = made.AccountId!
  const env = await assume(ground.aws, `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`)
  return { id, in: (region) => clients({ ...ground.rehearsal, env }, region) }
}

/** What somebody's environment holds once they have assumed a role. */
export async function assume({ sts }: Aws, RoleArn: string, ExternalId?: string): Promise<Record<string, string>> {
  const asked = { RoleArn, RoleSessionName: 'test', ...(ExternalId !== undefined && { ExternalId }) }
  const { Credentials } = await sts.send(new AssumeRoleCommand(asked))
  return {
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
  }
}
