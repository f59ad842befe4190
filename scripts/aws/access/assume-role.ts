import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts'
import type { FromIniInit } from '@aws-sdk/credential-provider-ini'
import { noMfaCode, roleDenied, wrongMfaCode } from '../../core/access/credential-errors.ts'
import type { Link } from '../../core/access/profiles.ts'
import { keepSession, keptSession, sessionKey, type Session } from './mfa-sessions.ts'

export type RoleAssumer = NonNullable<FromIniInit['roleAssumer']>
type Identity = Awaited<ReturnType<RoleAssumer>>

export type RoleOptions = {
  readonly chain: readonly Link[]
  readonly region: string
  readonly requestHandler: object
  /** undefined: there is nobody to ask. */
  readonly askCode: (question: string) => Promise<string | undefined>
  readonly say: (words: string) => void
}

const tries = 3

/** What the SDK hands over where a code is wanted: whether one is needed, only the kept session tells. */
export const codeComesLater = (): Promise<string> => Promise.resolve('')

/** Takes the roles of a chain of profiles. A code is asked for where no session is left that was opened by one. */
export const makeRoleAssumer =
  (options: RoleOptions): RoleAssumer =>
  async (source, params) => {
    const { TokenCode: _later, ...asked } = params
    const link = options.chain.find(
      ({ data }) => data['role_arn'] === params.RoleArn && (data['mfa_serial'] || undefined) === params.SerialNumber,
    )
    const name = link?.name ?? 'default'
    if (params.SerialNumber === undefined || link === undefined)
      return identityOf(await assume(source, asked, name, options))
    const key = sessionKey(link.data)
    const kept = await keptSession(key, Date.now())
    if (kept !== undefined) return identityOf(kept)
    const session = await assumeByCode(source, { ...asked, SerialNumber: params.SerialNumber }, name, options)
    try {
      await keepSession(key, session)
    } catch (error) {
      options.say(`The session could not be kept: ${(error as Error).message}`)
    }
    return identityOf(session)
  }

async function assumeByCode(
  source: Identity,
  asked: AssumeRoleCommandInput & { readonly SerialNumber: string },
  name: string,
  options: RoleOptions,
): Promise<Session> {
  const device = asked.SerialNumber
  let why: { words: string; error?: unknown } = { words: 'six digits were wanted' }
  for (let tried = 0; tried < tries; tried += 1) {
    const code = (await options.askCode(`Code of the MFA device ${device}`))?.trim()
    if (code === undefined) throw noMfaCode(name, device)
    if (/^\d{6}$/.test(code)) {
      try {
        return await assume(source, { ...asked, TokenCode: code }, name, options)
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined
        if (cause === undefined || !/MultiFactorAuthentication|\bMFA\b/i.test(cause.message)) throw error
        why = { words: cause.message, error: cause }
      }
    }
    options.say(`That code was not taken: ${why.words}`)
  }
  throw wrongMfaCode(name, device, why.words, why.error)
}

async function assume(
  source: Identity,
  asked: AssumeRoleCommandInput,
  name: string,
  { chain, region, requestHandler }: RoleOptions,
): Promise<Session> {
  const place = chain.find((link) => link.name === name)?.data['region'] ?? region
  const client = new STSClient({ region: place, credentials: source, requestHandler } as never)
  try {
    const { Credentials, AssumedRoleUser } = await client.send(new AssumeRoleCommand(asked))
    const AccountId = AssumedRoleUser?.Arn?.split(':')[4]
    return {
      Credentials: {
        AccessKeyId: Credentials?.AccessKeyId ?? '',
        SecretAccessKey: Credentials?.SecretAccessKey ?? '',
        SessionToken: Credentials?.SessionToken ?? '',
        Expiration: (Credentials?.Expiration ?? new Date(0)).toISOString().replace(/\.\d+/, ''),
        ...(AccountId === undefined ? {} : { AccountId }),
      },
      ...(AssumedRoleUser === undefined
        ? {}
        : { AssumedRoleUser: { AssumedRoleId: AssumedRoleUser.AssumedRoleId, Arn: AssumedRoleUser.Arn } }),
    }
  } catch (error) {
    if (!(error instanceof Error) || !/^AccessDenied/.test(error.name)) throw error
    throw roleDenied(name, asked.RoleArn ?? '', error.message, error)
  }
}

const identityOf = ({ Credentials: kept }: Session): Identity => ({
  accessKeyId: kept.AccessKeyId,
  secretAccessKey: kept.SecretAccessKey,
  sessionToken: kept.SessionToken,
  expiration: new Date(kept.Expiration),
  ...(kept.AccountId === undefined ? {} : { accountId: kept.AccountId }),
})
