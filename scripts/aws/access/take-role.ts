import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { targetDenied } from '../../core/access/credential-errors.ts'
import { roleArn, type RoleTarget } from '../../core/access/target.ts'
import { isRigletError } from '../../core/errors.ts'
import { makeClient, type ClientOptions, type Identity } from '../client/clients.ts'
import { keepUntilItEnds } from './keep-identity.ts'

/**
 * The credentials of a role in another account, taken with `home`'s own, once for all clients of that target.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @throws RigletError ACCESS_DENIED that names the role, and whatever else STS may answer
 */
export function makeTakeRole(target: RoleTarget, home: ClientOptions): () => Promise<Identity> {
  const take = async (): Promise<Identity> => {
    const client = makeClient(STSClient, home)
    const asked = {
      RoleArn: roleArn(target),
      RoleSessionName: 'riglet',
      ...(target.externalId === undefined ? {} : { ExternalId: target.externalId }),
    }
    try {
      const { Credentials: given } = await client.send(new AssumeRoleCommand(asked))
      return {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
        ...(given?.Expiration === undefined ? {} : { expiration: given.Expiration }),
        accountId: target.account,
      }
    } catch (error) {
      throw isRigletError(error, 'ACCESS_DENIED') ? targetDenied(target, error) : error
    }
  }
  return keepUntilItEnds(take)
}
