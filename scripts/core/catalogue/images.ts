import { RigletError } from '../errors.ts'

export const imageMissing = (id: string, region: string, command: string): RigletError =>
  new RigletError(
    'IMAGE',
    `There is no image ${id} that this account may use in ${region}.`,
    'It was never there, was deregistered, lies in another region, or is not shared with this account.\n' +
      `Look: ${command}`,
  )

export const imageNotReady = (id: string, state: string, command: string): RigletError =>
  new RigletError(
    'IMAGE',
    `Image ${id} is ${state}, not available.`,
    state === 'pending'
      ? `It is still being made. Wait for it: ${command}`
      : 'It will not become available; bake another one: make bake',
  )

export const wrongArchitecture = (
  id: string,
  has: string,
  instanceType: string,
  wants: readonly string[],
): RigletError =>
  new RigletError(
    'IMAGE',
    `Image ${id} is ${has}; instances of type ${instanceType} boot ${wants.join(' or ')}.`,
    'Choose another image, or another INSTANCE_TYPE.',
  )

export const unknownInstanceType = (instanceType: string, region: string): RigletError =>
  new RigletError(
    'IMAGE',
    `There are no instances of type ${instanceType} in ${region}.`,
    'Choose another INSTANCE_TYPE.',
  )

export const notAnImageId = (word: string): RigletError =>
  new RigletError(
    'SETTINGS',
    `IMAGE=${word} is not an image's id.`,
    'An app is deployed by hand with IMAGE=ami-...; `make status` shows those in use.',
  )
