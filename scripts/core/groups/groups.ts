import type { Environment } from '../names.ts'

/** Which Auto Scaling groups follow which repository. In the root of the checkout; it may be missing. */
export const groupsFile = 'manifests/groups.yaml'

/** An account in which groups are, and the role there that changes them. */
export type GroupAccount = {
  readonly account: string
  readonly role: string
  readonly externalId?: string
  readonly regions?: readonly string[]
}

/** What decides which image a group runs. */
export type GroupRepository = {
  readonly url: string
  /** A branch, a tag, or a whole commit. */
  readonly ref: string
  /** The tag of an image that holds the commit which it was built from. */
  readonly tagName: string
}

/** The pipeline that builds the images; without one nobody is asked whether a build runs. */
export type UpstreamBuild = {
  readonly pipeline: string
  /** As of a group. */
  readonly account?: string
  readonly region?: string
}

/** A group as groups.yaml has it, defaults filled in. */
export type Group = {
  readonly name: string
  readonly environment: Environment
  /** Where it is, by a name below accounts; undefined: in the riglet's own account. */
  readonly account?: string
  /** undefined: the riglet's. */
  readonly region?: string
  readonly repo: GroupRepository
  /** While it runs, and only then, the group may keep its image for a commit that has none yet. */
  readonly build?: UpstreamBuild
  /** Tags that its images must carry besides. */
  readonly tags: Readonly<Record<string, string>>
  readonly instanceType: string
  readonly minSize: number
  readonly maxSize: number
  readonly subnets: readonly string[]
  readonly securityGroups: readonly string[]
  readonly instanceProfile?: string
  /** ARNs; with some, it is their health check that tells whether an instance is healthy. */
  readonly targetGroups: readonly string[]
  /** Seconds that a new instance gets before it counts, and before the next one is replaced. */
  readonly warmup: number
}

export type Groups = {
  readonly accounts: Readonly<Record<string, GroupAccount>>
  readonly groups: Readonly<Record<string, Group>>
}

/** A ref that no push moves. */
export const isCommit = (ref: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)
