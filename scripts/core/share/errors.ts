import { RigletError } from '../errors.ts'
import { desiredFile } from '../manifest/desired-images.ts'

const unchanged = 'Nothing was changed.'

export const noShares = (): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${desiredFile} shares nothing.`,
    'Say below share: which images, and with whom. docs/sharing.md has an example.',
  )

export const noSuchShare = (name: string, names: readonly string[]): RigletError =>
  new RigletError('NOT_FOUND', `${desiredFile} has no share ${name}.`, `It has: ${names.toSorted().join(', ')}`)

/** A19. */
export const cannotShare = (faults: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `Images cannot be shared so:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    `${unchanged} Allow the account that region, or share in another one: regions, in ${desiredFile}.`,
  )

export const notShown = (image: string, account: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${image} is shared with ${account}, and does not show there yet`,
    'Run it again: it goes on where it ended.',
  )

export const noAccounts = (): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${desiredFile} names no accounts.`,
    'Say below accounts: which there are. docs/sharing.md has an example.',
  )

export const noSuchAccount = (name: string, names: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${desiredFile} has no account ${name}, and it is no number of an account.`,
    `It has: ${names.toSorted().join(', ') || 'none'}. One that stands there no more is named by its number: NAME=333333333333`,
  )
