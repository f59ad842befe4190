import type { Access } from '../../core/access/access.ts'
import { requestHandler, type ClientOptions, type Identity } from '../client/clients.ts'
import { keepUntilItEnds } from './keep-identity.ts'
import type { CredentialsOptions } from './credentials.ts'

export type IdentifyOptions = Omit<ClientOptions, 'identify'> &
  Pick<CredentialsOptions, 'askCode' | 'say' | 'onSource'> & {
    readonly access: Access
    readonly environment: Readonly<Record<string, string | undefined>>
  }

/**
 * Credentials for all clients of a run, looked for once and kept until they end: nobody is asked for a second code.
 * Keys are taken from the environment here, because the SDK would prefer AWS_PROFILE where both are set.
 */
export function makeIdentify(options: IdentifyOptions): () => Promise<Identity> {
  const { access, environment } = options
  let said = false
  const byKeys = (): Identity => {
    if (access.type === 'keys' && access.aside !== undefined && !said)
      options.say(`AWS is asked with AWS_ACCESS_KEY_ID of the environment; ${access.aside} does not count beside it.`)
    said = true
    const token = environment['AWS_SESSION_TOKEN']
    return {
      accessKeyId: environment['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY']!,
      ...(token ? { sessionToken: token } : {}),
    }
  }
  const look = async (): Promise<Identity> => {
    if (access.type === 'keys') return byKeys()
    const { findCredentials } = await import('./credentials.ts')
    return findCredentials({ ...options, access, requestHandler: requestHandler(options.loadAgents) })
  }
  return keepUntilItEnds(look)
}
