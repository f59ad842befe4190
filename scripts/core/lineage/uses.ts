import type { Environment } from '../names.ts'
import type { Site } from '../distribution/sites.ts'

/** A group, or an instance of none, that runs or would launch one of these images, and how it gets another one. */
export type Use = {
  readonly site: Site
  readonly type: 'group' | 'instance'
  readonly name: string
  readonly image: string
  /** Where the group is an app's of the riglet. */
  readonly environment?: Environment
  /** Those that run it now. */
  readonly instances: readonly string[]
  /** The command, or what is to be done where no command of ours does it. */
  readonly remedy: string
}

/** A channel that names one of them. */
export type ChannelUse = {
  readonly site: Site
  readonly channel: string
  readonly image: string
  readonly architecture: string
  readonly id: string
}

/** What could not be looked at. */
export type Unchecked = { readonly what: string; readonly why: string }
