import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { clients } from './aws.ts'
import type { Ground } from './ground.ts'

export const allow = (Action: string | readonly string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource })
export const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement })

/** A role that a service, or the account where `service` is empty, may assume; returns its ARN. */
export async function makeRole(
  { aws: { iam } }: Ground,
  RoleName: string,
  service: string,
  statements: readonly object[],
  PermissionsBoundary?: string,
): Promise<string> {
  const Principal = service === '' ? { AWS: '123456789012' } : { Service: service }
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }),
      ...(PermissionsBoundary !== undefined && { PermissionsBoundary }),
    }),
  )
  if (statements.length > 0) {
    const PolicyDocument = policy(...statements)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
  }
  return Role!.Arn!
}

/** Clients that act under a role. */
export async function as(ground: Ground, RoleArn: string): Promise<ReturnType<typeof clients>> {
  const assumed = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' })
  const { Credentials } = await ground.aws.sts.send(assumed)
  const env = {
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
  }
  return clients({ ...ground.rehearsal, env })
}
