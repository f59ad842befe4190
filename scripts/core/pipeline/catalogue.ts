import { RigletError } from '../errors.ts'

export const noPipeline = (name: string): RigletError =>
  new RigletError(
    'PIPELINE',
    `There is no pipeline ${name}.`,
    'Check REPO and BRANCH; `make create-pipeline REPO=... BRANCH=...` makes it.',
  )

export const stackNeeded = (stack: string, output: string): RigletError =>
  new RigletError(
    'STACK_NEEDED',
    `The stack ${stack} is missing, or has no output ${output}.`,
    '`make create-riglet` makes what is missing and leaves the rest.',
  )

export const uncommitted = (paths: readonly string[]): RigletError =>
  new RigletError(
    'PIPELINE',
    `What is pushed is the last commit, and these changes are not in it:\n${paths
      .slice(0, 10)
      .map((path) => `  ${path}`)
      .join('\n')}`,
    'Commit them, or push without them: YES=1.',
  )

export const nothingFailed = (pipeline: string): RigletError =>
  new RigletError('PIPELINE', `${pipeline}: no stage of its last execution failed.`, '`make status` shows where it is.')

export const notSource = (folder: string): RigletError =>
  new RigletError(
    'FILE',
    `${folder} is not the root of a git repository with at least one commit.`,
    'Commit the riglet first: git init && git add . && git commit',
  )

export const pipelineFailed = (what: string, why: string, help: string): RigletError =>
  new RigletError('PIPELINE', `${what} failed: ${why}`, help)
