import type { Commands } from '../commands.ts'
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

/** `hindrances`: each a sentence about the image, such as `its image ami-1 is disabled`. */
export const imageUnusable = (id: string, hindrances: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `No instance can be launched from ${id}:\n${hindrances.map((why) => `  - ${why}`).join('\n')}`,
    'Nothing was changed. Choose another image, or make this one usable: enable the key, or cancel its deletion.',
  )

const enabling =
  'A key that is disabled or about to be deleted can be enabled again; a disabled image, too (it must be shared anew).'

export const groupCannotReplace = (
  stack: string,
  hindrances: readonly string[],
  lost: boolean,
  commands: Commands,
): RigletError =>
  new RigletError(
    'IMAGE',
    `The group of ${stack} can replace no instance:\n${hindrances.map((why) => `  - ${why}`).join('\n')}`,
    lost
      ? `Nothing was changed, and no update brings a launch template back. Make the app anew: ${commands.remove},\nthen ${commands.create} IMAGE=ami-...`
      : [
          'Nothing was changed. Instances that run go on; one that ends is not replaced. Roll out an image that is there:',
          `  ${commands.update} IMAGE=ami-..., or make push`,
          ...(hindrances.some((why) => /decrypted|is disabled/.test(why)) ? [enabling] : []),
        ].join('\n'),
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

/** B05. */
export const imageSurprise = (stack: string, desired: string, surprises: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    [
      `${stack} would run another image than ${desired}, and neither a pipeline nor a person asked for that:`,
      ...surprises.map((line) => `  ${line}`),
    ].join('\n'),
    'Nothing was changed. Let the template take its image from the parameter ImageId alone.',
  )
