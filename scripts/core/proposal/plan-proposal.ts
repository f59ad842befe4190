import type { BranchCommit, RepositoryLook, Request } from '../ports/local/proposals.ts'
import { isOurs, says, type ProposalText } from './words.ts'

/** What is done to a consumer's repository. Each is safe to repeat, and the repository alone tells whether it is done. */
export type ProposalStep =
  /** A commit with the manifest on another one, as the branch's new end. */
  | {
      readonly type: 'commit'
      readonly on: string
      /** Where the branch was seen; undefined: there was none. */
      readonly replaces: string | undefined
      readonly why: 'new' | 'base moved' | 'published anew' | 'behind commits of others'
    }
  /** What it proposed is there already. */
  | { readonly type: 'remove branch'; readonly replaces: string }
  | { readonly type: 'open' }
  | { readonly type: 'rewrite'; readonly request: Request }
  | { readonly type: 'close'; readonly request: Request }

export type ProposalPlan = {
  readonly steps: readonly ProposalStep[]
  /** The request that is open already. */
  readonly request: Request | undefined
  /** Commits of others that keep it from being done. */
  readonly standing: readonly BranchCommit[]
  /** Commits of others on a branch that is not needed any more. */
  readonly leftover: readonly BranchCommit[]
  /** The base branch says what is published. */
  readonly settled: boolean
}

export type DesiredProposal = ProposalText & {
  /** The manifest as it is to stand in the file. */
  readonly text: string
  readonly base: string
  /** Whether the host has requests. */
  readonly asks: boolean
}

/**
 * What has to happen so that the consumer's repository is asked to say what is published (G17). Only commits of riglet's
 * own are ever replaced: what others added to the branch stays, and what they said of the manifest stops it.
 */
export function planProposal(
  desired: DesiredProposal,
  { base, branch }: RepositoryLook,
  request: Request | undefined,
): ProposalPlan {
  const theirs = (branch?.commits ?? []).filter((commit) => !isOurs(commit))
  const plan = { request, steps: [], standing: [], leftover: [], settled: base.text === desired.text }
  if (plan.settled) {
    if (theirs.length > 0) return { ...plan, leftover: theirs }
    const close = request === undefined ? [] : [{ type: 'close', request } as const]
    const remove = branch === undefined ? [] : [{ type: 'remove branch', replaces: branch.commit } as const]
    return { ...plan, steps: [...close, ...remove] }
  }
  const standing = branch?.text === desired.text ? [] : theirs.filter(({ ofManifest }) => ofManifest)
  if (standing.length > 0) return { ...plan, standing }
  return {
    ...plan,
    steps: [...commitFor(desired.text, { base, branch }, theirs.length > 0), ...requestFor(desired, request)],
  }
}

function commitFor(text: string, { base, branch }: RepositoryLook, shared: boolean): readonly ProposalStep[] {
  if (branch === undefined) return [{ type: 'commit', on: base.commit, replaces: undefined, why: 'new' }]
  const replaces = branch.commit
  if (shared)
    return branch.text === text
      ? []
      : [{ type: 'commit', on: branch.commit, replaces, why: 'behind commits of others' }]
  if (branch.text !== text) return [{ type: 'commit', on: base.commit, replaces, why: 'published anew' }]
  const [commit, ...more] = branch.commits
  return more.length === 0 && commit?.parents.length === 1 && commit.parents[0] === base.commit
    ? []
    : [{ type: 'commit', on: base.commit, replaces, why: 'base moved' }]
}

function requestFor({ asks, base, body }: DesiredProposal, request: Request | undefined): readonly ProposalStep[] {
  if (!asks) return []
  if (request === undefined) return [{ type: 'open' }]
  return request.base === base && says(request.body, body) ? [] : [{ type: 'rewrite', request }]
}
