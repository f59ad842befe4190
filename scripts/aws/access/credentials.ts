import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { FromIniInit } from '@aws-sdk/credential-provider-ini'
import { loadSsoSessionData, parseKnownFiles } from '@smithy/core/config'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Access } from '../../core/access/access.ts'
import { noCredentials } from '../../core/access/errors.ts'
import { badConfig, badProfile, noProfile } from '../../core/access/credential-errors.ts'
import { RigletError } from '../../core/errors.ts'
import { chainOf, faultsOf, malformedLines, remedyOf, type Link, type Profiles } from '../../core/access/profiles.ts'
import { codeComesLater, makeRoleAssumer, type RoleOptions } from './assume-role.ts'
import type { Identity } from '../client/clients.ts'
import { toRigletError, type Origin } from '../client/failures.ts'

export type Source = {
  /** What gives new ones, in words. */
  readonly remedy: string
  /** A code was needed for them. */
  readonly byCode: boolean
}

export type CredentialsOptions = Origin &
  Pick<RoleOptions, 'askCode' | 'say'> & {
    readonly access: Exclude<Access, { readonly type: 'keys' }>
    /** What requests are made with. */
    readonly requestHandler: object
    /** Hears where they come from, once that is known. */
    readonly onSource: (source: Source) => void
  }

type Environment = Readonly<Record<string, string | undefined>>

/** Where the SDK looks for profiles. */
function filesOf(environment: Environment): readonly [string, string] {
  const home = environment['HOME'] || homedir()
  const place = (variable: string, name: string): string =>
    (environment[variable] || join(home, '.aws', name)).replace(/^~\//, `${home}/`)
  return [place('AWS_CONFIG_FILE', 'config'), place('AWS_SHARED_CREDENTIALS_FILE', 'credentials')]
}

/**
 * Credentials of a profile, or what the SDK finds without one. A profile that was named and gives none is an error:
 * going on to a container's or an instance's would be another account.
 * @throws RigletError NO_CREDENTIALS | EXPIRED_CREDENTIALS | WRONG_CREDENTIALS | ACCESS_DENIED | FILE | PROXY and others
 */
export async function findCredentials(options: CredentialsOptions): Promise<Identity> {
  const { access } = options
  const files = filesOf(process.env)
  const config = await readConfig(files)
  const profiles: Profiles = await parseKnownFiles({})
  const profile = access.type === 'profile' ? access.profile : 'default'
  const chain = chainOf(profile, profiles)
  if (access.type === 'profile' && chain.length === 0)
    throw noProfile({
      ...access,
      files,
      others: Object.keys(profiles),
      bare: new RegExp(`^\\s*\\[\\s*${RegExp.escape(profile)}\\s*\\]`, 'm').test(config),
    })
  const faults = faultsOf(chain, profiles, await loadSsoSessionData())
  if (faults.length > 0) throw badProfile(faults, files)
  if (chain.length > 0)
    options.onSource({
      remedy: remedyOf(chain),
      byCode: chain.some(({ data }) => data['mfa_serial'] !== undefined),
    })

  const { requestHandler, lost } = listening(options.requestHandler)
  const init: FromIniInit & { parentClientConfig: object } = {
    profile,
    mfaCodeProvider: codeComesLater,
    roleAssumer: makeRoleAssumer({ ...options, chain, requestHandler }),
    clientConfig: { requestHandler },
    // Of a web identity only this reaches the client.
    parentClientConfig: { requestHandler, region: options.region, profile },
  }
  try {
    return await ask(chain, init)
  } catch (error) {
    throw explain(lost() ?? error, options)
  }
}

async function ask(chain: readonly Link[], init: FromIniInit): Promise<Identity> {
  if (chain[0] !== undefined && chain[0].by !== 'nothing') {
    const { fromIni } = await import('@aws-sdk/credential-provider-ini')
    return fromIni(init)()
  }
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
  return defaultProvider(init as never)()
}

/**
 * The config file's text, when it and the credentials file can be read and understood.
 * @throws RigletError FILE
 */
async function readConfig(files: readonly [string, string]): Promise<string> {
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        const text = await readFile(file, 'utf8')
        return { file, text, faults: malformedLines(text) }
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        return { file, text: '', faults: code === 'ENOENT' ? [] : [{ what: `cannot be read: ${code ?? message}` }] }
      }
    }),
  )
  const faults = read.flatMap(({ file, faults: found }) => found.map((fault) => ({ file, ...fault })))
  if (faults.length > 0) throw badConfig(faults)
  return read[0]!.text
}

/** Providers wrap what a request failed of into words about credentials: this keeps it. */
function listening(given: object): { readonly requestHandler: object; readonly lost: () => unknown } {
  const requestHandler = NodeHttpHandler.create(given as never) as NodeHttpHandler
  const handle = requestHandler.handle.bind(requestHandler)
  let lost: unknown
  requestHandler.handle = async (...request) => {
    try {
      const answer = await handle(...request)
      lost = undefined
      return answer
    } catch (error) {
      lost = error
      throw error
    }
  }
  return { requestHandler, lost: () => lost }
}

function explain(error: unknown, origin: Origin): unknown {
  const told = toRigletError(error, origin)
  if (told instanceof RigletError || !(error instanceof Error) || error instanceof TypeError) return told
  return noCredentials(origin, error.message, error)
}
