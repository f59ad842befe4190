import { RigletError } from '../errors.ts'
import { roleArn, type RoleTarget } from './target.ts'

export const noProfile = ({
  profile,
  from,
  files,
  others,
  bare,
}: {
  readonly profile: string
  readonly from: string
  readonly files: readonly string[]
  readonly others: readonly string[]
  /** It stands in the config file without the word `profile`. */
  readonly bare: boolean
}): RigletError =>
  new RigletError(
    'NO_CREDENTIALS',
    `There is no profile ${profile} (${from}) in ${files.join(' or ')}.`,
    bare
      ? `In ${files[0]} its section begins with [profile ${profile}], not [${profile}].`
      : others.length === 0
        ? 'There is none at all: `aws configure sso` or `aws configure` makes one.'
        : `There are: ${others.join(', ')}.`,
  )

export const badProfile = (faults: readonly string[], files: readonly string[]): RigletError =>
  new RigletError(
    'NO_CREDENTIALS',
    `No credentials can be had: ${faults.join('; ')}.`,
    `Mend that in ${files.join(' or ')}.`,
  )

export const badConfig = (
  faults: readonly { readonly file: string; readonly line?: number; readonly what: string }[],
): RigletError =>
  new RigletError(
    'FILE',
    faults.map(({ file, line, what }) => `${file}${line === undefined ? '' : `:${line}`}: ${what}`).join('\n'),
    'AWS was not asked: what is not understood there might be what tells which account is meant.',
  )

/** `device`: serial number or ARN of what shows the codes. */
export const noMfaCode = (profile: string, device: string): RigletError =>
  new RigletError(
    'NO_CREDENTIALS',
    `Profile ${profile} wants a code of the MFA device ${device}, and there is no terminal to ask on.`,
    `At a terminal: aws sts get-caller-identity --profile ${profile}. The session that it opens is used here until it ends.`,
  )

export const wrongMfaCode = (profile: string, device: string, words: string, cause?: unknown): RigletError =>
  new RigletError(
    'WRONG_CREDENTIALS',
    `AWS does not take the code of the MFA device ${device}: ${words}`,
    `Each code is good once, for half a minute. Is ${device} the device of profile ${profile}, and this machine's clock right?`,
    cause,
  )

/** In another account: its own people let riglet in, or not. */
export const targetDenied = (target: RoleTarget, cause: RigletError): RigletError =>
  new RigletError(
    'ACCESS_DENIED',
    `${roleArn(target)} does not let this account in: ${cause.message} (make accounts shows what it takes)`,
    `Its trust policy has to name who asks${target.externalId === undefined ? '' : ', and the external id'}; that account's people deploy it.`,
    cause,
  )

export const roleDenied = (profile: string, role: string, words: string, cause: unknown): RigletError =>
  new RigletError(
    'ACCESS_DENIED',
    `Profile ${profile} may not take the role ${role}: ${words}`,
    "The role's trust policy has to allow it, and so does whoever takes the role.",
    cause,
  )
