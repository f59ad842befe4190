import type { Keys } from '../core/ports/keys.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'

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
  }
}
