import { RigletError } from '../errors.ts'
import { quoted } from '../feeds/errors.ts'

export const noTracker = (where: string, image: string, empty: boolean): RigletError =>
  new RigletError(
    'TRACKER',
    empty
      ? `${where} is empty: every version that the repository has would be built.`
      : `There is no ${where}: every version that the repository has would be built.`,
    `Nothing was built. Let it begin with what is there now, of which none is built then: make tracker-seed IMAGE=${image}`,
  )

export const trackerExists = (where: string, count: number): RigletError =>
  new RigletError(
    'TRACKER',
    `${where} is there already, with ${count} ${count === 1 ? 'package' : 'packages'}.`,
    'Nothing was written. One version more or less: make tracker-add VERSION=1.4.2-1, make tracker-remove VERSION=1.4.2-1',
  )

export const nothingToSeed = (product: string, url: string): RigletError =>
  new RigletError(
    'TRACKER',
    `${url} offers no version of ${product} that an image could be built of.`,
    'Nothing was written. Check product, major and architectures in manifests/images.yaml: PRODUCT=, MAJOR=',
  )

export const notATracker = (where: string, line: number, text: string): RigletError =>
  new RigletError(
    'TRACKER',
    `${where}:${line}: ${quoted(text)} is neither a package with its version nor the line that a tracker begins with`,
    'Nothing was built or written. Mend it, or remove it and seed it anew: make tracker-seed',
  )

export const ofAnotherBranch = (where: string, whose: string, branch: string): RigletError =>
  new RigletError(
    'TRACKER',
    `${where} is the tracker of ${quoted(whose)}; ${branch} would share it, as a slash becomes _ in its name.`,
    'Nothing was built or written. Rename one of the two branches.',
  )

export const neverWritten = (where: string, tries: number): RigletError =>
  new RigletError(
    'TRACKER',
    `${where}: others wrote it ${tries} times before this could be written.`,
    'What it was to say is not in it. Look who writes there all the time, and run it again.',
  )

export const wrongPlace = (place: string): RigletError =>
  new RigletError(
    'SETTINGS',
    `TRACKER=${place} is no place that trackers are kept in.`,
    'One of: s3://BUCKET, dynamodb://TABLE, file:FOLDER. Without it they are in the artifact bucket.',
  )

export const noFeed = (image: string, others: readonly string[]): RigletError =>
  new RigletError(
    'FEED',
    `${image} has no feed in manifests/images.yaml.`,
    others.length === 0
      ? 'docs/feeds.md has an example.'
      : `Images that have one: ${others.join(', ')}. Say which: IMAGE=${others[0]}`,
  )

export const wrongValue = (faults: readonly string[]): RigletError =>
  new RigletError('SETTINGS', faults.join('\n'), 'Nothing was built or written.')
