import { RigletError } from '../errors.ts'

export const noPipeline = (name: string): RigletError =>
  new RigletError(
    'PIPELINE',
    `There is no pipeline ${name}.`,
    'Check REPO and BRANCH; `make create-pipeline REPO=... BRANCH=...` makes it.',
  )

/** What a person may tell the AWS CLI; a port's `awsCliCommand` makes it a command that reaches the same account. */
export const listExecutions = (pipeline: string): string =>
  `codepipeline list-pipeline-executions --pipeline-name ${pipeline}`

export const noExecution = (id: string, pipeline: string, command: string): RigletError =>
  new RigletError(
    'PIPELINE',
    `EXECUTION_ID=${id}: ${pipeline} has no such execution.`,
    `Without EXECUTION_ID the newest one is monitored. All of them, with their ids:\n${command}`,
  )

/** `again`: the command that takes it up again. */
export const watchInterrupted = (pipeline: string, again: string): RigletError =>
  new RigletError(
    'INTERRUPTED',
    `Stopped monitoring. The pipeline ${pipeline} goes on.`,
    `\`${again}\` monitors it again.`,
  )

export const pushInterrupted = (pipeline: string, commit: string): RigletError =>
  new RigletError(
    'INTERRUPTED',
    `Stopped waiting. ${commit} is pushed, and the pipeline ${pipeline} begins with it by itself.`,
    '`make watch-pipeline` monitors it.',
  )

export const stackNeeded = (stack: string, output: string): RigletError =>
  new RigletError(
    'STACK_NEEDED',
    `The stack ${stack} is missing, or has no output ${output}.`,
    'If it is missing, `make create-riglet` makes it, and leaves the rest as it is. If it is older than this checkout,\n' +
      '`make update-environment ENV=...` or `make update-pipeline` shows the changes and asks.',
  )

export const sourceUnknown = (object: string): RigletError =>
  new RigletError(
    'PIPELINE',
    `Nobody said which commit ${object} is: it was not sent by make push.`,
    '`make push` sends the last commit, and says which it is.',
  )

export const notReleased = (changed: readonly string[]): RigletError =>
  new RigletError(
    'PIPELINE',
    `What the pipeline's jobs are to run has changes that are not committed:\n${changed
      .slice(0, 10)
      .map((path) => `  ${path}`)
      .join('\n')}`,
    'Nothing was changed. Commit them, or put them aside: only what is committed is released to a pipeline.',
  )

export const toolsFailed = (what: string, words: string): RigletError =>
  new RigletError('TOOL_FAILED', `setup/build-tools ${what} failed: ${words}`, 'Run make setup.')

export const nothingFailed = (pipeline: string): RigletError =>
  new RigletError('PIPELINE', `${pipeline}: no stage of its last execution failed.`, '`make status` shows where it is.')

export const pipelineFailed = (what: string, why: string, help: string): RigletError =>
  new RigletError('PIPELINE', `${what} failed: ${why}`, help)
