import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'
import { checkout } from './user.ts'

const run = promisify(execFile)

/** Somebody else's account, as its administrator sees it: a member of the riglet's own organization. */
export async function otherAccount(rehearsal: Rehearsal): Promise<ReturnType<typeof clients>> {
  const organizations = async (...words: readonly string[]): Promise<unknown> => {
    const asked = ['organizations', ...words, '--output', 'json']
    const { stdout } = await run(`${checkout}/rehearsal/.venv/bin/aws`, asked, {
      env: { ...process.env, ...rehearsal.env },
    })
    return JSON.parse(stdout)
  }
  await organizations('create-organization', '--feature-set', 'ALL')
  const words = ['create-account', '--email', 'them@example.com', '--account-name', 'them']
  const made = (await organizations(...words)) as { CreateAccountStatus: { AccountId: string } }
  const RoleArn = `arn:aws:iam::${made.CreateAccountStatus.AccountId}:role/OrganizationAccountAccessRole`
  const asked = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'them' })
  const { Credentials } = await clients(rehearsal).sts.send(asked)
  const env = {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
  }
  return clients({ ...rehearsal, env })
}
