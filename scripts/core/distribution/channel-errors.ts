import { RigletError } from '../errors.ts'
import type { ParameterVersion } from '../ports/parameters.ts'

const unchanged = 'Nothing was changed.'

export const noRelease = (): RigletError =>
  new RigletError(
    'IMAGE',
    'The commit that is checked out carries no tag, and only a release is promoted.',
    `${unchanged} Check out the tag of a release, or tag this commit: git tag v1.4.2`,
  )

export const noVersion = (tags: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `No tag of the commit that is checked out is a version such as v1.4.2: ${tags.toSorted().join(', ')}.`,
    tags.length === 1
      ? `${unchanged} Say which milestone it is of: MILESTONE=1.4`
      : `${unchanged} A release has one tag that is a version.`,
  )

export const severalReleases = (tags: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `The commit that is checked out is several releases: ${tags.toSorted().join(', ')}.`,
    `${unchanged} A channel names one: leave it one tag that is a version.`,
  )

export const notCommitted = (files: readonly string[], tag: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${files.toSorted().join(' and ')} ${files.length === 1 ? 'is' : 'are'} not as ${tag} has it.`,
    `${unchanged} What is promoted is what the tag says: commit, and tag that, or check the release out.`,
  )

/** G19. */
export const milestoneTaken = (channel: string, milestone: string, first: string, second: string): RigletError =>
  new RigletError(
    'IMAGE',
    `${first} was promoted to ${channel} in milestone ${milestone}, which has one release: ${second} is a second one.`,
    `${unchanged} Promote a release of the next milestone. If ${second} is of another one, say so: MILESTONE=...`,
  )

export const nothingBefore = (channel: string, revoked: boolean): RigletError =>
  new RigletError(
    'IMAGE',
    revoked
      ? `All that is known that ${channel} named before what it names now is revoked.`
      : `Nothing is known that ${channel} named before what it names now.`,
    revoked
      ? `${unchanged} Promote a release that is not revoked: make promote`
      : `${unchanged} AWS keeps the last hundred values of a channel.`,
  )

export const notTaken = (parameter: string, id: string, still: string | undefined): RigletError =>
  new RigletError(
    'IMAGE',
    `${parameter} ${still === undefined ? 'names nothing' : `still names ${still}`}: AWS found no available image ${id} there`,
  )

/** `done`: this run had put its own there already. SSM takes no value on condition: two runs can only find out. */
export const movedAtOnce = (
  parameter: string,
  { value, description, time }: ParameterVersion,
  done: boolean,
): RigletError =>
  new RigletError(
    'IMAGE',
    `another run let ${parameter} name ${value} (${description}) at ${new Date(time).toISOString().slice(0, 19)}Z, ` +
      (done ? 'at the same time as this one: look which of them it names' : 'so it was left alone'),
  )

export const notInChannel = (channel: string, image: string, region: string): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `The channel ${channel} names no ${image} in ${region}.`,
    'Promote a release of it there; without CHANNEL= the manifest answers.',
  )
