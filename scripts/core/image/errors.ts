import { RigletError } from '../errors.ts'
import type { ImageFacts } from './image-facts.ts'
import type { Fault } from '../errors.ts'

export const noSuchImage = (image: string, images: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `There is no image ${image}: packer/${image} has no ${image}.pkrvars.hcl.`,
    `One of: ${images.join(', ')}`,
  )

export const versionTooLong = (version: string, room: number): RigletError =>
  new RigletError(
    'IMAGE',
    `VERSION=${version} makes the image's name longer than 128 characters: ${room} are left for it.`,
    'Nothing was started. Shorter names of owner, project or image leave more.',
  )

export const noImageName = (name: string, words: string): RigletError =>
  new RigletError(
    'SETTINGS',
    `IMAGE=${name} is not ${words}.`,
    'Nothing was written. Example: make new-image IMAGE=runner',
  )

export const imageExists = (folder: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${folder} is there already.`,
    'Nothing was written. Say another name: make new-image IMAGE=runner',
  )

/** Values that an image cannot be made with, all of them. */
export const unusableValues = (
  faults: readonly Fault[],
  remedy = 'Change the file, as in: version = "1.4.2"',
): RigletError =>
  new RigletError(
    'FILE',
    faults.map(({ where, what }) => `${where}: ${what}`).join('\n'),
    `Nothing was started. ${remedy}`,
  )

/** Packer cannot read an image's files; it says where. */
export const variablesUnread = (folder: string, code: number, reasons: readonly string[]): RigletError => {
  const undeclared = reasons.some((reason) => reason.startsWith('<console-input>'))
  if (undeclared)
    return new RigletError(
      'FILE',
      `${folder}: the variables version, architecture and instance_type are not all declared`,
      'Declare them as packer/web/variables.pkr.hcl does.',
    )
  const why = reasons.length === 0 ? `packer ended with ${code}` : reasons.join('\n')
  return new RigletError('FILE', `Packer cannot read ${folder}:\n${indented(why)}`, 'Nothing was started.')
}

const indented = (text: string): string => text.replace(/^/gm, '  ')

export const noBase = (where: string): RigletError =>
  new RigletError(
    'IMAGE',
    `The base image cannot be told: ${where}`,
    'Check REGION in .make: Debian publishes its images in every region.',
  )

/** What is wrong with an image that is to be used, and what to do. */
export const unusable = (id: string, found: ImageFacts | undefined): RigletError => {
  if (found === undefined)
    return new RigletError(
      'IMAGE',
      `${id} does not exist in this region, or is not shared with this account.`,
      'Check the id and REGION; the owner of the image can share it.',
    )
  if (found.state === 'pending')
    return new RigletError(
      'IMAGE',
      `${id} (${found.name}) is still being made: its state is pending.`,
      'Wait a few minutes, then try again.',
    )
  return new RigletError(
    'IMAGE',
    `${id} (${found.name}) cannot be used: its state is ${found.state}.`,
    'Bake it anew: make bake',
  )
}

export const wrongArchitecture = (id: string, is: string, desired: string, who: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is of architecture ${is}; ${who} wants ${desired}.`,
    'Choose an image and an instance type of the same architecture.',
  )

export const wrongInstanceType = (type: string, able: readonly string[], desired: string, file: string): RigletError =>
  new RigletError(
    'IMAGE',
    able.length === 0
      ? `There is no instance type ${type} in this region.`
      : `${type} runs ${able.join(', ')}, not ${desired}.`,
    `Change instance_type or architecture in ${file}.`,
  )

export const noBuilder = (architecture: string, tried: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `None of these instance types runs ${architecture} in this region: ${tried.join(', ')}.`,
    'Name one that does: BUILDER_TYPES=t4g.medium',
  )

export const notMadeFor = (words: readonly string[], known: readonly string[]): RigletError =>
  new RigletError(
    'SETTINGS',
    `ARCH: no image is made for ${words.join(', ')}.`,
    `Nothing was started. Images are made for ${known.join(' and ')}: ARCH=${known.join(',')}`,
  )

/** What failed of what was done side by side; one alone is told as it is. */
export const severalFailed = (
  failed: readonly { readonly title: string; readonly why: RigletError }[],
): RigletError => {
  const [first] = failed
  if (first !== undefined && failed.length === 1) return first.why
  const remedies = new Set(failed.map(({ why: { remedy } }) => remedy))
  return new RigletError(
    'IMAGE',
    failed.map(({ title, why: { message } }) => `${title}: ${message}`).join('\n'),
    [...remedies].join('\n'),
  )
}

const why = (code: number, [first = `packer ended with ${code}`, ...others]: readonly string[]): string =>
  [first, ...others.map((line) => `  ${line}`)].join('\n')

export const bakeFailed = (code: number, reasons: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `The bake failed: ${why(code, reasons)}`,
    'What Packer started is gone again. Mend the cause and run it again.',
  )

export const changedMeanwhile = (id: string, paths: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `What the image is made of was changed while it was made:\n${paths.map((path) => `  ${path}`).join('\n')}`,
    `${id} is removed again: nobody could tell what is in it. Bake it anew: make bake`,
  )

/** `look`: the command that tells whether the account encrypts every volume. */
export const wronglyEncrypted = (id: string, desired: boolean, folder: string, look: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} was made ${desired ? 'without encryption' : 'encrypted'}, and images.yaml wants it ${desired ? 'to be encrypted' : 'not to be'}.`,
    `It is removed again. The templates in ${folder} must heed the variable encrypted, as packer/web/image.pkr.hcl does.` +
      (desired ? '' : `\nWhere they do, the account may encrypt every volume here: ${look}`),
  )

export const candidateUnfit = (fault: string): RigletError =>
  new RigletError('IMAGE', `${fault}.`, 'Nothing was started.')

export const noArtifact = (file: string): RigletError =>
  new RigletError('IMAGE', `Packer ended well but ${file} names no image of this region.`, 'Run it again.')

export const checksFailed = (id: string, failures: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} fails ${failures.length === 1 ? 'a check' : `${failures.length} checks`}:\n${failures.map((line) => `  ${line}`).join('\n')}`,
    'Nothing was deployed, and the machine it ran on is gone. The checks stand in packer/<image>/checks/goss.yaml.',
  )

export const noReport = (id: string, code: number, reasons: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} could not be checked: ${why(code, reasons)}`,
    'The machine it ran on is gone. A machine that never answers is a fault of the image, too.',
  )

export const notOurs = (id: string, tag: string, has: string | undefined, wants: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is not an image of this pipeline: its tag ${tag} is ${has === undefined ? 'missing' : `"${has}"`}, not "${wants}".`,
    'Nothing was deployed. A pipeline ships only what its own Bake made.',
  )

export const sweepUnfinished = (names: readonly string[], minutes: number): RigletError =>
  new RigletError(
    'WAIT_TOO_LONG',
    `${names.join(', ')} still ${names.length === 1 ? 'is' : 'are'} there after ${minutes} minutes of removing.`,
    'Look at them in the EC2 console; what is in the making can be removed when it is made. Then: make sweep',
  )

export const smokeFailed = (url: string, seen: string, desired: string, seconds: number): RigletError =>
  new RigletError(
    'IMAGE',
    `${url} did not answer as ${desired} within ${seconds} s; last it was: ${seen}`,
    'Look at the group and its targets: make status-app ENV=...',
  )

/** The end of an execution whose image was taken out of production again: it did not succeed. */
export const takenBack = (environment: string, image: string): RigletError =>
  new RigletError(
    'IMAGE',
    `Smoke had failed, so ${environment} was taken back: it answers as ${image} again.`,
    'Mend the cause and push again. Why it failed stands in the log of the stage before.',
  )

/** Smoke comes after the change: what failed it stays where it is until somebody goes back. */
export const stillRuns = (failed: RigletError, environment: string, back: string | undefined): RigletError =>
  new RigletError(
    failed.code,
    `${failed.message}\nThe change set was executed: ${environment} runs what was approved, and nothing takes it back by itself.`,
    `${failed.remedy}\n${back === undefined ? 'There is no image before it to go back to: push a mended one.' : `To take it back to its last good image, shown and asked: ${back}`}`,
    failed,
  )
