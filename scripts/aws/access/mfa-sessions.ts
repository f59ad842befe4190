import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { jsonIfAny } from '../../core/json.ts'
import type { Link } from '../../core/access/profiles.ts'

/** What AssumeRole answered. */
export type Session = {
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly SecretAccessKey: string
    readonly SessionToken: string
    /** ISO 8601. */
    readonly Expiration: string
    readonly AccountId?: string
  }
  readonly AssumedRoleUser?: { readonly AssumedRoleId: string | undefined; readonly Arn: string | undefined }
}

/** Those that end sooner are over. */
export const window = 5 * 60_000

/**
 * The aws CLI keeps a role's session under a digest of what it asked for, so the same question finds the same file.
 * https://github.com/boto/botocore/blob/develop/botocore/credentials.py (BaseAssumeRoleCredentialFetcher)
 */
export function sessionKey({
  role_arn,
  role_session_name,
  external_id,
  mfa_serial,
  duration_seconds,
}: Link['data']): string {
  const seconds =
    duration_seconds !== undefined && /^\s*[+-]?\d+\s*$/.test(duration_seconds) ? Number(duration_seconds) : undefined
  const asked = {
    ...(seconds === undefined ? {} : { DurationSeconds: seconds }),
    ...(external_id === undefined ? {} : { ExternalId: external_id }),
    RoleArn: role_arn,
    ...(role_session_name === undefined ? {} : { RoleSessionName: role_session_name }),
    ...(mfa_serial === undefined ? {} : { SerialNumber: mfa_serial }),
  }
  return createHash('sha1').update(asPython(asked)).digest('hex')
}

/** As Python's json.dumps writes it: spaces behind colons and commas, nothing beyond ASCII. */
const asPython = (members: Readonly<Record<string, unknown>>): string =>
  `{${Object.entries(members)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(', ')}}`.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

const folder = (): string => join(process.env['HOME'] || homedir(), '.aws', 'cli', 'cache')

/** A session that was kept and still lasts. */
export async function keptSession(key: string, now: number): Promise<Session | undefined> {
  try {
    const session = jsonIfAny(await readFile(join(folder(), `${key}.json`), 'utf8')) as Session
    // The CLI writes UTC where others write Z.
    const Expiration = session.Credentials.Expiration.replace(/UTC$/, 'Z')
    if (!(Date.parse(Expiration) - now > window) || !session.Credentials.SessionToken) return undefined
    return { ...session, Credentials: { ...session.Credentials, Expiration } }
  } catch {
    return undefined
  }
}

/** For this user's eyes only, and there whole or not at all. */
export async function keepSession(key: string, session: Session): Promise<void> {
  await mkdir(folder(), { recursive: true, mode: 0o700 })
  const path = join(folder(), `${key}.json`)
  const draft = `${path}.${process.pid}.tmp`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(session))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
