import type { Consumer } from '../../manifest/consumer.ts'

/** A commit of riglet's branch that the base branch does not have. */
export type BranchCommit = {
  readonly id: string
  readonly parents: readonly string[]
  readonly tree: string
  readonly author: string
  readonly message: string
  /** Whether it says something else of the manifest than the commit, or all of the commits, that it stands on. */
  readonly ofManifest: boolean
}

export type Tip = {
  readonly commit: string
  /** What stands in the file; undefined: there is none. */
  readonly text: string | undefined
}

/** What the consumer's repository holds. */
export type RepositoryLook = {
  readonly base: Tip
  /** riglet's branch, with the newest commit first; undefined: there is none. */
  readonly branch: (Tip & { readonly commits: readonly BranchCommit[] }) | undefined
}

/** An open pull or merge request. */
export type Request = {
  /** As the host counts it in its repository. */
  readonly number: number
  readonly url: string
  readonly base: string
  readonly title: string
  readonly body: string
}

/** Where a proposal goes: a branch of the consumer's repository. */
export type Destination = {
  readonly consumer: Consumer
  readonly branch: string
  /** undefined: git goes by what the person has. */
  readonly token: string | undefined
}

/** A clone of the consumer's repository that is removed afterwards; no checkout has anything to do with it. */
export type Clone = {
  readonly look: () => Promise<RepositoryLook>
  /** A commit on another one, which differs in the manifest alone; `message` is made of its tree. Answers its id. */
  readonly commit: (on: string, text: string, message: (tree: string) => string) => Promise<string>
  /**
   * Lets riglet's branch be at a commit, or nowhere, if it is where it was seen (`expected`; undefined: nowhere).
   * @throws RigletError REPOSITORY
   */
  readonly push: (commit: string | undefined, expected: string | undefined) => Promise<Pushed>
}

/** `said`: what the host says of it. `moved`: somebody else pushed meanwhile, and what they pushed is as it was. */
export type Pushed = { readonly type: 'pushed'; readonly said: readonly string[] } | { readonly type: 'moved' }

/** Requests at the host from the branch. */
export type Requests = {
  /** The one that is open, if one is. */
  readonly find: () => Promise<Request | undefined>
  /** Opens one; where another run did so meanwhile, that one. */
  readonly open: (title: string, body: string) => Promise<Request>
  readonly rewrite: (request: Request, title: string, body: string) => Promise<Request>
  readonly close: (request: Request) => Promise<void>
}

export type Proposals = {
  readonly inClone: <Made>(destination: Destination, work: (clone: Clone) => Promise<Made>) => Promise<Made>
  /** undefined: there is only git. */
  readonly requests: (destination: Destination) => Promise<Requests | undefined>
  /** What an environment variable holds. */
  readonly variable: (name: string) => string | undefined
}
