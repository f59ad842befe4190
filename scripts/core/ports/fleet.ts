import type { RunningInstance } from '../drift/image-drift.ts'
import type { TemplateFacts } from '../image/launch.ts'

/** Auto Scaling groups and the instances of an environment. */
export type Fleet = {
  /** Groups by name; those that do not exist are left out. */
  readonly groups: (names: readonly string[]) => Promise<readonly GroupFacts[]>
  /** All that the account has here. */
  readonly allGroups: () => Promise<readonly GroupFacts[]>
  /** Pending, running and stopped instances of these images. */
  readonly instancesOf: (images: readonly string[]) => Promise<readonly TaggedInstance[]>
  /** Pending, running and stopped instances in a VPC. */
  readonly instancesIn: (vpc: string) => Promise<readonly TaggedInstance[]>
  readonly template: (id: string, version: string) => Promise<TemplateFacts>
  /** Whether EC2 would launch an image from a launch template into a subnet; nothing is launched. */
  readonly tryLaunch: (launch: Launch) => Promise<LaunchAnswer>
}

export type Launch = {
  readonly launchTemplate: { readonly id: string; readonly version: string }
  readonly image: string
  readonly subnet: string
}

export type LaunchAnswer = { readonly type: 'would launch' } | { readonly type: 'would not'; readonly why: string }

export type TaggedInstance = RunningInstance & { readonly tags: Readonly<Record<string, string>> }

export type GroupFacts = {
  readonly name: string
  readonly desired: number
  readonly tags?: Readonly<Record<string, string>>
  /** The stack that made it; undefined: none did. */
  readonly stack?: string
  readonly launchTemplate: { readonly id: string; readonly version: string } | null
  readonly subnets?: readonly string[]
  readonly instances: readonly {
    readonly id: string
    readonly healthy: boolean
    readonly lifecycle: string
  }[]
}
