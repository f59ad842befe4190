import { RigletError } from '../errors.ts'
import { mostCharacters, revocationWords, type Revocation } from './revocation.ts'

export const longReason = (length: number): RigletError =>
  new RigletError(
    'SETTINGS',
    `REASON is kept in a tag of each image, which holds ${mostCharacters} characters; it has ${length}.`,
    'Nothing was changed. Say it in fewer words, or name where it is told.',
  )

export const noSuchFamily = (id: string, unchecked: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `There is no image ${id}, and none that is a copy of it or made of it, wherever this riglet has images.`,
    unchecked.length === 0
      ? 'Nothing was changed. Check the id, and REGION.'
      : `Nothing was changed. Not checked: ${unchecked.join('; ')}`,
  )

export const revokedThrough = (id: string, root: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is revoked because of ${root}, which it is a copy of or made of.`,
    `Nothing was changed. What is revoked together is taken back together: make unrevoke IMAGE_ID=${root}`,
  )

/** Whoever wants to roll it out: image, reason, who, and the way out. */
export const imageRevoked = (id: string, revocation: Revocation, wayOut: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is revoked ${revocationWords(revocation, id)}.`,
    `Nothing was changed. ${wayOut}\nIf it was revoked by mistake: make unrevoke IMAGE_ID=${revocation.root || id}`,
  )

/** It was revoked while a pipeline deployed it. */
export const revokedMeanwhile = (id: string, revocation: Revocation, environment: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is revoked ${revocationWords(revocation, id)}. ${environment} runs it already; it goes no further.`,
    `The pipeline takes ${environment} back to its last success by itself, if there is one. Push a mended commit.\n` +
      `If it was revoked by mistake: make unrevoke IMAGE_ID=${revocation.root || id}, then push again.`,
  )

/** The same where it is one line of many. */
export const revokedFault = (id: string, revocation: Revocation): string =>
  `${id} is revoked ${revocationWords(revocation, id)} (by mistake: make unrevoke IMAGE_ID=${revocation.root || id})`
