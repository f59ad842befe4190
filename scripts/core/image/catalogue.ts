import { RigletError } from '../errors.ts'
import type { ImageFacts } from '../image-facts.ts'

export const noSuchImage = (image: string, images: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `There is no image ${image}: packer/${image} has no ${image}.pkrvars.hcl.`,
    `One of: ${images.join(', ')}`,
  )

export const varFault = (file: string, line: number, what: string): RigletError =>
  new RigletError(
    'FILE',
    `${file}:${line}: ${what}`,
    'Values are plain strings and numbers, one a line: name = "value"',
  )

export const varMissing = (file: string, name: string): RigletError =>
  new RigletError('FILE', `${file}: ${name} is missing`, `Add a line: ${name} = "..."`)

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

export const wrongArchitecture = (id: string, is: string, wanted: string, who: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${id} is of architecture ${is}; ${who} wants ${wanted}.`,
    'Choose an image and an instance type of the same architecture.',
  )

export const wrongInstanceType = (type: string, able: readonly string[], wanted: string, file: string): RigletError =>
  new RigletError(
    'IMAGE',
    able.length === 0
      ? `There is no instance type ${type} in this region.`
      : `${type} runs ${able.join(', ')}, not ${wanted}.`,
    `Change instance_type or architecture in ${file}.`,
  )

export const bakeFailed = (code: number, reasons: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `The bake failed: ${reasons[0] ?? `packer ended with ${code}`}${reasons
      .slice(1)
      .map((line) => `\n  ${line}`)
      .join('')}`,
    'What Packer started is gone again. Mend the cause and run it again.',
  )

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
    `${id} could not be checked: ${reasons[0] ?? `packer ended with ${code}`}`,
    'The machine it ran on is gone. A machine that never answers is a fault of the image, too.',
  )

export const sweepStuck = (names: readonly string[], minutes: number): RigletError =>
  new RigletError(
    'WAIT_TOO_LONG',
    `${names.join(', ')} still ${names.length === 1 ? 'is' : 'are'} there after ${minutes} minutes of removing.`,
    'Look at them in the EC2 console; what is in the making can be removed when it is made. Then: make sweep',
  )

export const smokeFailed = (url: string, seen: string, wanted: string, seconds: number): RigletError =>
  new RigletError(
    'IMAGE',
    `${url} did not answer as ${wanted} within ${seconds} s; last it was: ${seen}`,
    'Look at the group and its targets: make status-app ENV=...',
  )
