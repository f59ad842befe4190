import type { Relation } from './git.ts'
import type { ImageFacts } from './image-facts.ts'
import type { Http, Packer } from './image/ports.ts'
import type { Tree } from './image/tree.ts'
import type { Fleet, Inspection, Pipelines } from './pipeline/ports.ts'
import type { Archived, SourceList } from './pipeline/source-archive.ts'
import type { StackPlan } from './stack/plan.ts'
import type { StackEvent } from './stack/events.ts'
import type { ListenerRule } from './stack/place-rule.ts'
import type { StackState } from './stack/state.ts'
import type { WantedStack } from './stack/wanted.ts'

/** What actions may do to the world; scripts/main.ts hands them the real ones, tests their fakes. */
export type Ports = {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly files: Files
  readonly git: Git
  /** Git, and files, in another repository's folder. */
  readonly gitIn: (folder: string) => Git
  readonly filesIn: (folder: string) => Files
  readonly processes: Processes
  readonly packer: Packer
  readonly http: Http
  readonly stacks: Stacks
  readonly images: Images
  readonly parameters: Parameters
  readonly buckets: Buckets
  readonly pipelines: Pipelines
  readonly inspection: Inspection
  readonly fleet: Fleet
  readonly listeners: Listeners
  readonly keys: Keys
  readonly account: Account
  /** The same riglet's ports in another region. */
  readonly inRegion: (region: string) => Regional
}

/** What exists once a region. */
export type Regional = Pick<
  Ports,
  | 'stacks'
  | 'images'
  | 'parameters'
  | 'buckets'
  | 'pipelines'
  | 'inspection'
  | 'fleet'
  | 'listeners'
  | 'keys'
  | 'account'
>

export type Terminal = {
  /** Data: standard output. */
  readonly show: (text: string) => void
  /** Status: standard error. */
  readonly say: (text: string) => void
  /** A live line or block on standard error; replaced by the next one, plain lines off a terminal. */
  readonly progress: (lines: readonly string[]) => void
  /** Ends the live block and leaves it standing. */
  readonly settle: () => void
  /** @throws RigletError NOT_CONFIRMED without a terminal, unless yes was said beforehand */
  readonly confirm: (question: string) => Promise<boolean>
  /** The typed answer; `fallback` when it is empty, or when there is no terminal. */
  readonly ask: (question: string, fallback?: string) => Promise<string>
  readonly interactive: boolean
  /** 80 off a terminal. */
  readonly columns: number
  readonly colour: boolean
}

export type Clock = {
  readonly now: () => Date
  /** @throws RigletError INTERRUPTED when Ctrl-C was pressed */
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Paths are relative to the checkout. */
export type Files = {
  readonly read: (path: string) => Promise<string>
  readonly readIfThere: (path: string) => Promise<string | undefined>
  readonly write: (path: string, text: string) => Promise<void>
  readonly exists: (path: string) => Promise<boolean>
  /** Paths below a folder, sorted; empty when there is none. */
  readonly list: (folder: string) => Promise<string[]>
  /** What stands below a folder, with modes, digests and what links lead to; what cannot be read is among its faults. */
  readonly tree: (folder: string, wanted?: (path: string) => boolean) => Promise<Tree>
  /** Gives files that came from an archive the modes and links that it was made from. Returns the paths that are missing. */
  readonly settle: (source: SourceList) => Promise<string[]>
}

export type Commit = {
  readonly id: string
  readonly message: string
  readonly author: string
  readonly time: string
}

export type Git = {
  readonly head: () => Promise<Commit>
  /** undefined: HEAD is detached. */
  readonly branch: () => Promise<string | undefined>
  /** How a commit stands to another one; both may be shortened. */
  readonly relation: (commit: string, to: string) => Promise<Relation>
  /** Paths with changes that are not committed, all or below some. */
  readonly changed: (below?: readonly string[]) => Promise<string[]>
  /** What is committed of some paths: a digest of all of it, and the last commit that changed it. */
  readonly treeOf: (paths: readonly string[]) => Promise<{ readonly tree: string; readonly commit: string }>
  /**
   * A zip at `path` of what a checkout of the commit would be: with submodules, what Git LFS keeps and what is marked
   * export-ignore, as far as it is here. Of the first folder in `looked` it also tells what the archive holds; the
   * others are what its links lead to.
   */
  readonly archive: (commit: Commit, path: string, looked: readonly string[]) => Promise<Archived>
  /** A zip at `path` of what is committed of some paths, and of `extra`: name -> text. */
  readonly archivePaths: (
    paths: readonly string[],
    path: string,
    extra: Readonly<Record<string, string>>,
  ) => Promise<void>
}

export type ProcessResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type Processes = {
  /** `show`: its output goes to our standard error as it comes. Never throws for a failing exit code. */
  readonly run: (
    command: string,
    args: readonly string[],
    options?: {
      readonly env?: Readonly<Record<string, string | undefined>>
      readonly show?: boolean
      readonly input?: string
      readonly cwd?: string
    },
  ) => Promise<ProcessResult>
}

/** Where to begin in a stack's events: with our own operation, with a roll-back that we asked for, or with whatever began last. */
export type Beginning = { readonly type: 'token' | 'rollback'; readonly token: string } | { readonly type: 'latest' }

/** CloudFormation. Names are stack names or, for what may be deleted meanwhile, stack ids. */
export type Stacks = {
  /** undefined: there is none. One call. */
  readonly find: (name: string) => Promise<StackState | undefined>
  readonly list: (tags: Readonly<Record<string, string>>) => Promise<StackState[]>
  /**
   * Makes a change set and reads all of it; one that holds nothing is removed at once. `templateUrl`: where the template
   * lies when it is too long for the request.
   * @throws RigletError TEMPLATE | CHANGE_SET | STACK_BUSY
   */
  readonly plan: (wanted: WantedStack, state: StackState | undefined, templateUrl?: string) => Promise<StackPlan>
  /** Executes the very change set; safe to repeat. Returns the token that its events carry. */
  readonly execute: (plan: PlannedChanges) => Promise<string>
  /** Removes the change set, and the empty stack that a first one leaves. */
  readonly discard: (plan: PlannedChanges) => Promise<void>
  /** Against deletion, and by a stack policy against what updates may not do. */
  readonly protect: (stackId: string, policy: string) => Promise<void>
  /** Lifts both: the policy is replaced, for there is no call that removes one. */
  readonly unprotect: (stackId: string, policy: string) => Promise<void>
  /** Starts the deletion; returns the token that its events carry. `retain`: left alone, of a stack in DELETE_FAILED. */
  readonly remove: (stackId: string, options?: { readonly retain?: readonly string[] }) => Promise<string>
  /** Goes on with a roll-back that failed, `skip` left as it is; returns the token that its events carry. */
  readonly continueRollback: (stackId: string, skip: readonly string[]) => Promise<string>
  /** Rolls an update back that failed and was left so; returns the token that its events carry. */
  readonly rollBack: (stackId: string) => Promise<string>
  /** Oldest first, from the beginning of the operation or from behind the event `after`; empty until it has begun. */
  readonly events: (stackId: string, beginning: Beginning, after?: string) => Promise<StackEvent[]>
  readonly resources: (name: string) => Promise<StackResource[]>
  /** Names of the stacks that import an export. */
  readonly importers: (exportName: string) => Promise<string[]>
  readonly byHand: ByHand
}

export type PlannedChanges = Extract<StackPlan, { type: 'changes' }>

export type StackResource = {
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly status: string
}

/** `cloudformation describe-stacks` as a person would have to type it to reach this very account and region. */
export type ByHand = (words: string) => Promise<string>

export type Images = {
  /** Facts of those that exist and that we may see; the others are left out. */
  readonly describe: (ids: readonly string[]) => Promise<ImageFacts[]>
  /** Our own images that carry all these tags. */
  readonly owned: (tags: Readonly<Record<string, string>>) => Promise<ImageFacts[]>
  /** Deregisters the image and deletes its snapshots. */
  readonly remove: (image: ImageFacts) => Promise<void>
  /** Snapshots with these tags, and without one of that name, that no image uses. */
  readonly strayed: (tags: Readonly<Record<string, string>>, without?: string) => Promise<string[]>
  readonly removeSnapshot: (id: string) => Promise<void>
  /** Encrypted snapshot -> ARN of its key; those that we may not see are left out. */
  readonly snapshotKeys: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Running or stopped instances with these tags; with `ending` those, too, that are on their way out. */
  readonly instances: (
    tags: Readonly<Record<string, string>>,
    options?: { readonly ending?: boolean },
  ) => Promise<string[]>
  readonly terminate: (ids: readonly string[]) => Promise<void>
  /** Names of the key pairs with these tags. */
  readonly keyPairs: (tags: Readonly<Record<string, string>>) => Promise<string[]>
  readonly removeKeyPair: (name: string) => Promise<void>
  /** Architectures that an instance type can boot; empty when there is no such type. */
  readonly architecturesOf: (instanceType: string) => Promise<string[]>
  readonly byHand: ByHand
}

/** Load balancers. */
export type Listeners = {
  /** All but the default one. One call for a hundred. */
  readonly rules: (listener: string) => Promise<ListenerRule[]>
  readonly tagsOf: (rule: string) => Promise<Readonly<Record<string, string>>>
}

export type Keys = {
  /** KMS's word for a key's state, such as Enabled or PendingDeletion; `gone` when there is no such key. */
  readonly state: (arn: string) => Promise<string>
}

export type Parameters = {
  readonly get: (name: string) => Promise<string | undefined>
  readonly put: (name: string, value: string, tags: Readonly<Record<string, string>>) => Promise<void>
  /** Names under a path, each with its value. */
  readonly values: (path: string) => Promise<ReadonlyMap<string, string>>
  /** Names under a path. */
  readonly list: (path: string) => Promise<string[]>
  readonly remove: (names: readonly string[]) => Promise<void>
}

export type Buckets = {
  /** Names of those that begin so and carry these tags. */
  readonly find: (prefix: string, tags: Readonly<Record<string, string>>) => Promise<string[]>
  /** Deletes every version and delete marker; returns how many. */
  readonly empty: (bucket: string) => Promise<number>
  readonly remove: (bucket: string) => Promise<void>
  readonly get: (bucket: string, key: string) => Promise<string | undefined>
  readonly has: (bucket: string, key: string) => Promise<boolean>
  /** What was put with an object, its newest version or another one; undefined: there is none. */
  readonly metadata: (
    bucket: string,
    key: string,
    version?: string,
  ) => Promise<Readonly<Record<string, string>> | undefined>
  /** Where AWS's services find an object. */
  readonly url: (bucket: string, key: string) => string
  readonly put: (
    bucket: string,
    key: string,
    body: string | { readonly file: string },
    metadata?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly version: string | undefined }>
}

export type Usage = { readonly used: number; readonly quota: number | undefined }

export type Account = {
  /** Twelve digits; also proves that the credentials work. */
  readonly id: () => Promise<string>
  /** ARN of who we are. */
  readonly caller: () => Promise<string>
  /** Regions that the account may use. */
  readonly regions: () => Promise<string[]>
  readonly vpcs: () => Promise<Usage>
  readonly elasticIps: () => Promise<Usage>
}
