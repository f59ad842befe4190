import { settingsFaults } from '../settings/errors.ts'
import type { Proxies } from './proxy.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** By what AWS is to know us. */
export type Access =
  /** Keys in the environment. `aside`: a profile that was named, too, and does not count. */
  | { readonly type: 'keys'; readonly aside?: string }
  | { readonly type: 'profile'; readonly profile: string; readonly from: string }
  /** The profile `default` if there is one, or else what a container, an instance or a web identity has. */
  | { readonly type: 'default' }

const pair = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

/**
 * As the aws CLI decides: what was typed for this call (PROFILE; there --profile), keys in the environment, AWS_PROFILE
 * there, and only then what .make says. `profile` is the setting, wherever it came from.
 * @throws RigletError SETTINGS for half a pair of keys: going on with something else might be another account
 */
export function chooseAccess(environment: Environment, profile: string | undefined): Access {
  const named = (['PROFILE', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const).find((word) => environment[word])
  const from = named ?? '.make'
  if (named === 'PROFILE' && profile !== undefined) return { type: 'profile', profile, from }
  const [there, missing] = [pair.filter((word) => environment[word]), pair.filter((word) => !environment[word])]
  if (missing.length === 0)
    return profile === undefined
      ? { type: 'keys' }
      : { type: 'keys', aside: `${from === '.make' ? 'PROFILE' : from}=${profile}` }
  if (there.length > 0)
    throw settingsFaults([{ where: 'environment', what: `${there[0]} is set and ${missing[0]} is not` }], [], false)
  return profile === undefined ? { type: 'default' } : { type: 'profile', profile, from }
}

/** What Packer's environment has to say so that it reaches the same account and region in the same way. */
export function packerAccess({
  region,
  access,
  proxies,
  session,
}: {
  readonly region: string
  readonly access: Access
  readonly proxies?: Proxies | undefined
  /** Credentials that Packer could not get by itself. */
  readonly session?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string | undefined }
    | undefined
}): Environment {
  const nothing = { AWS_PROFILE: undefined, AWS_DEFAULT_PROFILE: undefined }
  const keys = (own: typeof session): Environment => ({
    AWS_ACCESS_KEY_ID: own?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: own?.secretAccessKey,
    AWS_SESSION_TOKEN: own?.sessionToken,
  })
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(access.type === 'keys' ? nothing : {}),
    ...(access.type === 'profile'
      ? { ...nothing, ...keys(session), ...(session === undefined ? { AWS_PROFILE: access.profile } : {}) }
      : {}),
    ...(access.type === 'default' && session !== undefined ? keys(session) : {}),
    // Go knows nothing of ALL_PROXY.
    ...(proxies === undefined
      ? {}
      : {
          HTTP_PROXY: proxies.http?.url,
          HTTPS_PROXY: proxies.https?.url,
          http_proxy: undefined,
          https_proxy: undefined,
        }),
  }
}
