import { desiredFile } from '../manifest/desired-images.ts'
import { RigletError } from '../errors.ts'

export const notDesired = (image: string, names: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${desiredFile} names no image ${image}.`,
    names.length === 0
      ? 'It names none. docs/images.md has an example.'
      : `It names: ${names.toSorted().join(', ')}. docs/images.md has an example.`,
  )

export const noCandidate = (image: string, missing: readonly string[], pipeline: string): RigletError =>
  new RigletError(
    'IMAGE',
    `There is no candidate of ${image} for ${missing.join(' and ')} that ${pipeline} verified, that is available and not revoked.`,
    'Push, and wait for Verify: make watch-pipeline. One that was verified by hand: IMAGE_ID=ami-...',
  )

export const noPipeline = (image: string, pipeline: string): RigletError =>
  new RigletError(
    'PIPELINE',
    `There is no pipeline ${pipeline}, so nothing tells which candidate of ${image} was verified.`,
    'Name the pipeline by REPO= and BRANCH=, or a candidate: IMAGE_ID=ami-...',
  )

export const notItsCandidate = (id: string, image: string, why: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is no candidate of ${image}: ${why}.`,
    'Nothing was changed. `make bake` makes candidates.',
  )

export const cannotPublish = (image: string, faults: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `${image} cannot be published:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    'Nothing was changed: an image is published where all of its regions have it, or not at all.',
  )
