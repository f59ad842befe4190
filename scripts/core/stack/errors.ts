import { RigletError } from '../errors.ts'

export const templateFault = (file: string, words: string, cause?: unknown): RigletError =>
  new RigletError('TEMPLATE', `${file}: ${words}`, 'Nothing was changed. `make check` looks at every template.', cause)

export const templateTooLong = (file: string, bytes: number): RigletError =>
  new RigletError(
    'TEMPLATE',
    `${file} has ${bytes} bytes; CloudFormation takes 1048576.`,
    'Shorten it, or split it into two stacks: descriptions and comments count, too.',
  )

/** The bucket that long templates go through is made by this very template. */
export const templateInItself = (file: string, bytes: number): RigletError =>
  new RigletError(
    'TEMPLATE',
    `${file} has ${bytes} bytes; a request carries 51200, and the bucket for longer ones is what it makes.`,
    'Shorten it: descriptions and comments count, too.',
  )

export const missingExport = (stack: string, words: string, cause?: unknown): RigletError =>
  new RigletError(
    'STACK_NEEDED',
    `${stack} builds on a stack that is not there: ${words}`,
    'Create that first: make create-environment ENV=... makes an environment, make create-riglet the rest.',
    cause,
  )

/** `has` and `asked`: values of a parameter on which all that stands on the stack depends. */
export const fixedParameter = (stack: string, parameter: string, has: string, asked: string): RigletError =>
  new RigletError(
    'CHANGE_SET',
    `${stack} was made with ${parameter} ${has}, and ${asked} is asked for: that would replace everything in it.`,
    `Nothing was changed. Say ${has} again, or delete it and create it anew with the other one.`,
  )

export const changeSetFailed = (stack: string, words: string, cause?: unknown): RigletError =>
  new RigletError('CHANGE_SET', `CloudFormation cannot plan ${stack}: ${words}`, 'Nothing was changed.', cause)

export const changeSetGone = (stack: string, cause?: unknown): RigletError =>
  new RigletError(
    'CHANGE_SET',
    `${stack} was changed by somebody else since this plan was shown; the plan no longer holds.`,
    'Nothing was changed. Run the same command again to see a new plan.',
    cause,
  )

/** What ended a plan, and that its change set could not be removed. Bugs stay bugs. */
export const planStays = (error: unknown, stack: string, why: unknown): unknown =>
  error instanceof RigletError
    ? new RigletError(
        error.code,
        `${error.message}\nThe plan of ${stack} stays: ${why instanceof Error ? why.message : String(why)}`,
        [error.remedy, 'That plan changes nothing; the next change of that stack removes it.']
          .filter((line) => line !== '')
          .join('\n'),
        error,
      )
    : error

export const stackBusy = (stack: string, status: string, command: string): RigletError =>
  new RigletError(
    'STACK_BUSY',
    `${stack} is ${status}: somebody else is changing it.`,
    `Look: ${command}\nWhen it is done, run the same command again.`,
  )

export const stackCreateFailed = (stack: string, status: string, command: string): RigletError =>
  new RigletError(
    'STACK_BROKEN',
    `${stack} is ${status}: its creation failed, nothing in it ever worked, and it cannot be updated.`,
    `Create it anew: ${command}`,
  )

export const stackNeedsRecovery = (
  stack: string,
  status: string,
  reason: string | undefined,
  commands: string,
): RigletError =>
  new RigletError(
    'STACK_BROKEN',
    `${stack} is ${status}: CloudFormation could not finish ${
      status === 'DELETE_FAILED' ? 'deleting it' : 'going back to what it was'
    }, and waits for a person.${reason === undefined ? '' : `\nIt says: ${reason}`}`,
    commands,
  )

export const nameNotTyped = (name: string, verb: string): RigletError =>
  new RigletError(
    'NOT_CONFIRMED',
    `The name ${name} was not given.`,
    `Nothing was changed. To ${verb} it, type its name, or without a terminal: NAME=${name}`,
  )

/** Both listeners of a certificate cannot change places in one update. */
export const portHeld = (stack: string, environment: string): RigletError =>
  new RigletError(
    'CHANGE_SET',
    `${stack} cannot lose its certificate in one update: its listener would move to port 80, which the redirect to 443 holds.\n` +
      'CloudFormation would close 443, fail, and go back.',
    [
      'Nothing was changed. In this order, in a quiet hour:',
      `make update-environment ENV=${environment} HTTP_REDIRECT=no`,
      `make update-environment ENV=${environment} CERTIFICATE_ARN= HTTP_REDIRECT=`,
      'Between the two 443 serves and 80 is closed; afterwards 80 serves.',
    ].join('\n'),
  )

/** What the pipeline cannot plan, and what no waiting makes plannable: a person clears it away or lets it go on. */
export const notPlannable = (
  stack: string,
  status: string,
  why: 'createFailed' | 'needsRecovery',
  { recover, look }: { readonly recover: string; readonly look: string },
): RigletError =>
  why === 'createFailed'
    ? new RigletError(
        'STACK_BROKEN',
        `${stack} is ${status}: its first deployment failed, nothing in it ever worked, and it cannot be updated.`,
        `A person clears it away: ${recover}\nThen: make retry-pipeline`,
      )
    : new RigletError(
        'STACK_BROKEN',
        `${stack} is ${status}: CloudFormation waits for a person, and takes no new plan until then.`,
        `What it says: ${look}\nThe way out, shown and asked: ${recover}\nThen: make retry-pipeline`,
      )

/** `whose`: as core/stack/owner.ts tells it. */
export const stackTaken = (stack: string, whose: string): RigletError =>
  new RigletError(
    'STACK_TAKEN',
    `The stack ${stack} ${whose}; it is not what was asked for.`,
    'Nothing was changed. Check OWNER, PROJECT, REPO and BRANCH, or choose others; make delete-... with the settings that\n' +
      'it belongs to frees its name.',
  )

export const stackMissing = (stack: string, command: string): RigletError =>
  new RigletError('NOT_FOUND', `There is no stack ${stack}.`, `Create it: ${command}`)

/** What a person may tell the AWS CLI; a port's `awsCliCommand` makes it a command that reaches the same account. */
export const cli = {
  endProtection: (stack: string) =>
    `cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack}`,
} as const

export const stackProtected = (stack: string, command: string): RigletError =>
  new RigletError(
    'STACK_PROTECTED',
    `${stack} is protected against deletion.`,
    `Nothing was deleted. If it must go: ${command}`,
  )

export const stackInUse = (stack: string, users: readonly string[], command: string): RigletError =>
  new RigletError('STACK_NEEDED', `${stack} is still used by ${users.join(', ')}.`, `Delete these first: ${command}`)

export const stackFailed = (message: string, remedy: string): RigletError =>
  new RigletError('STACK_FAILED', message, remedy)

/** One of several was refused while others were under way already: "nothing was changed" is no longer so. */
export const notAllBegun = (refusal: RigletError, removed: readonly string[], ends: readonly string[]): RigletError =>
  new RigletError(
    refusal.code,
    [
      refusal.message,
      ...(removed.length > 0 ? [`Not begun, and the plan removed: ${removed.join(', ')}`] : []),
      'Begun before that, and monitored to its end:',
      ...ends.map((end) => `  ${end}`),
    ].join('\n'),
    [
      ...(refusal.code === 'CHANGE_SET' ? [] : [refusal.remedy]),
      'Run the same command again: it plans anew what was not done.',
    ]
      .filter((line) => line !== '')
      .join('\n'),
    refusal,
  )

export const waitTooLong = (what: string, minutes: number, command: string): RigletError =>
  new RigletError(
    'WAIT_TOO_LONG',
    `${what} is not done after ${minutes} minutes; nobody waits any longer.`,
    `Look: ${command}`,
  )

export const monitoringInterrupted = (stacks: readonly string[], command: string): RigletError =>
  new RigletError(
    'INTERRUPTED',
    `Stopped monitoring. CloudFormation goes on with ${stacks.join(', ')}.`,
    `Look: ${command}\nRun the same command again to go on.`,
  )
