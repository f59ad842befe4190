import { RigletError } from '../errors.ts'
import { desiredFile } from '../manifest/desired-images.ts'

export const notForJobs = (faults: readonly string[]): RigletError =>
  new RigletError(
    'FILE',
    `${desiredFile} asks for what a job in AWS cannot do:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    'Nothing was changed. By hand: make replicate, publish, document and promote. docs/images.md tells more.',
  )

export const nothingVerified = (pipeline: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${pipeline} has verified no image yet, or none in the executions that are remembered.`,
    'Push, and wait for Verify: make watch-pipeline.',
  )

export const noHandOver = (file: string): RigletError =>
  new RigletError(
    'FILE',
    `The job before handed over no ${file}: nothing was published in this execution.`,
    'Nothing was changed. Start with replicate and publish.',
  )

export const otherImage = (app: string, baked: string, image: string): RigletError =>
  new RigletError(
    'IMAGE',
    `The pipeline of ${app} bakes ${baked}, not ${image}.`,
    `Nothing was changed. Say IMAGE=${baked}, or name the pipeline that bakes ${image} by REPO= and BRANCH=.`,
  )
