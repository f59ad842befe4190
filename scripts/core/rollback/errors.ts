import { RigletError } from '../errors.ts'

export const reasonNeeded = (command: string): RigletError =>
  new RigletError(
    'USAGE',
    'Taking production back needs a reason, which is kept, and shown to who approves the next push.',
    `Nothing was changed. For example: ${command} REASON="prices are wrong"`,
  )

export const neverRan = (image: string, environment: string, known: readonly string[], update: string): RigletError =>
  new RigletError(
    'IMAGE',
    `No execution of the pipeline is known that ran ${image} in ${environment} and passed there.`,
    [
      known.length === 0 ? 'None is known of any image.' : `Known: ${known.join(', ')}`,
      `Nothing was changed. Any image at all, planned, shown and asked: ${update} IMAGE=${image}`,
    ].join('\n'),
  )

/** `unusable`: of each that ran before, why it cannot be launched from. */
export const nothingBefore = (environment: string, unusable: readonly string[], update: string): RigletError =>
  new RigletError(
    'IMAGE',
    unusable.length === 0
      ? `Nothing is known that ran in ${environment} before what runs there now.`
      : `Nothing that ran in ${environment} before can be launched from any more:\n${unusable.map((line) => `  - ${line}`).join('\n')}`,
    `Nothing was changed. Roll forward: make push; or any image at all: ${update} IMAGE=ami-...`,
  )
