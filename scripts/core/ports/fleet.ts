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
}

export type TaggedInstance = RunningInstance & { readonly tags: Readonly<Record<string, string>> }

export type GroupFacts = {
  readonly name: string
  readonly desired: number
  readonly tags?: Readonly<Record<string, string>>
  /** The stack that made it; undefined: none did. */
  readonly stack?: string
  readonly launchTemplate: { readonly id: string; readonly version: string } | null
  readonly instances: readonly {
    readonly id: string
    readonly healthy: boolean
    readonly lifecycle: string
  }[]
}
