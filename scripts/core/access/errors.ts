import { RigletError } from '../errors.ts'

type Origin = { readonly region: string; readonly remedy?: (() => string | undefined) | undefined }

const credentialsHelp = ({ remedy }: Origin): string =>
  remedy?.() ??
  'Set PROFILE in .make to a profile of ~/.aws/config, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'

export const noCredentials = (origin: Origin, words: string, cause: unknown): RigletError =>
  new RigletError('NO_CREDENTIALS', `There are no credentials for AWS: ${words}`, credentialsHelp(origin), cause)

export const expiredCredentials = (origin: Origin, cause: unknown): RigletError =>
  new RigletError('EXPIRED_CREDENTIALS', 'The credentials for AWS have expired.', credentialsHelp(origin), cause)

export const wrongCredentials = (origin: Origin, words: string, cause: unknown): RigletError =>
  new RigletError(
    'WRONG_CREDENTIALS',
    `AWS does not know these credentials: ${words}`,
    `${credentialsHelp(origin)}\n${enableRegion(origin.region)}`,
    cause,
  )

const enableRegion = (region: string): string =>
  `Is the region enabled there? aws account enable-region --region-name ${region}`

/** How EC2 and others answer in a region that the account has not enabled: in the words of a wrong key.
 *  https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html */
export const notTakenThere = (origin: Origin, words: string, cause: unknown): RigletError =>
  new RigletError(
    'WRONG_CREDENTIALS',
    `AWS does not take these credentials in ${origin.region}, a region that the account may not have enabled: ${words}`,
    `${credentialsHelp(origin)}\n${enableRegion(origin.region)}`,
    cause,
  )

export const notEnabled = ({ region }: Origin, words: string, cause: unknown): RigletError =>
  new RigletError('ACCESS_DENIED', `${region} is not enabled in the account: ${words}`, enableRegion(region), cause)

export const accessDenied = (words: string, cause: unknown): RigletError =>
  new RigletError('ACCESS_DENIED', words, 'Ask whoever manages the account for that right.', cause)

export const throttled = (words: string, cause: unknown): RigletError =>
  new RigletError(
    'THROTTLED',
    `AWS asks to slow down, and still did after eight attempts: ${words}`,
    'Run the same command again in a minute; it goes on where it was.',
    cause,
  )

export const awsRefused = (code: string, words: string, cause: unknown): RigletError =>
  new RigletError('AWS_REFUSED', `AWS refused: ${words} (${code})`, '', cause)
