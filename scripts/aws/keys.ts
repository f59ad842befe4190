import type { Keys } from '../core/ports/keys.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'

/** KMS keys; needed where an image is encrypted, so the client is loaded then. */
export function makeKeys(options: ClientOptions): Keys {
  const load = () => import('@aws-sdk/client-kms')
  const client = lazyClient(async () => (await load()).KMSClient, options)
  return {
    find: async (KeyId) => {
      const { DescribeKeyCommand } = await load()
      try {
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }))
        return { arn: KeyMetadata?.Arn ?? '', state: KeyMetadata?.KeyState ?? 'of unknown state' }
      } catch (error) {
        if (awsCode(error) === 'NotFoundException') return undefined
        throw error
      }
    },
    use: async (KeyId) => {
      const { GetKeyPolicyCommand, ListGrantsCommand } = await load()
      const [{ Policy = '' }, grants] = await Promise.all([
        client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' })),
        listAll(
          (Marker) => client.send(new ListGrantsCommand({ KeyId, Limit: 100, Marker })),
          (page) => page.Grants,
          'NextMarker',
        ),
      ])
      return {
        policy: Policy,
        grants: grants.map(({ GranteePrincipal = '', Operations = [] }) => ({
          grantee: GranteePrincipal,
          operations: Operations,
        })),
      }
    },
  }
}
