import { RigletError } from '../errors.ts'

export const wrongSkip = (faults: readonly string[], command: string): RigletError =>
  new RigletError(
    'USAGE',
    faults.map((fault) => `SKIP: ${fault}.`).join('\n'),
    `Nothing was changed. Without SKIP this shows what failed, and asks: ${command}`,
  )

/** `cloudFormationSays`: the stack's own reason, if any. */
export const noRemedy = (stack: string, status: string, cloudFormationSays: string | undefined): RigletError =>
  new RigletError(
    'STACK_BROKEN',
    `${stack} is ${status}, which no update of riglet's leads to.${cloudFormationSays === undefined ? '' : `\nIt says: ${cloudFormationSays}`}`,
    'Nothing was changed. What helps: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html',
  )

/** What all pipelines share goes with the riglet. */
export const sharedByAll = (stack: string, status: string): RigletError =>
  new RigletError(
    'STACK_BROKEN',
    `${stack}, which all pipelines share, is ${status}: it was to go with the whole riglet.`,
    'Nothing was changed. To go on with that: make delete-riglet',
  )

export const notRecovered = (lines: readonly string[], remedy: readonly string[]): RigletError =>
  new RigletError('STACK_FAILED', lines.join('\n'), remedy.join('\n'))
