import { canonicalJson, sha256 } from '../canonical.ts'

/** What is done to one replica. Each is safe to repeat, and EC2 alone tells whether it is done. */
export type Step =
  /** Lets the account that publishes copy the candidate: launch permission, and leave to read its snapshots.
   *  https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/how-ami-copy-works.html */
  | Admission
  /** A copy that failed keeps its name for as long as it is there. */
  | { readonly type: 'discard'; readonly id: string; readonly snapshots: readonly string[]; readonly why: string }
  | CopyStep
  | { readonly type: 'await'; readonly id: string }
  /** It was disabled: nobody can launch from it, and it is shared with nobody. */
  | { readonly type: 'enable' }
  | { readonly type: 'tag'; readonly tags: Readonly<Record<string, string>> }
  | { readonly type: 'protect' }
  /** null: not any more. */
  | { readonly type: 'deprecate'; readonly at: string | null }
  | { readonly type: 'share'; readonly with: readonly string[] }
  /** To everybody. */
  | { readonly type: 'open' }

export type Admission = {
  readonly type: 'admit'
  readonly account: string
  readonly image: string
  readonly snapshots: readonly string[]
}

export type CopyStep = {
  readonly type: 'copy'
  readonly name: string
  readonly source: { readonly id: string; readonly region: string }
  readonly tags: Readonly<Record<string, string>>
  /** Alias of a key there. */
  readonly key: string | undefined
  /** A copy of the same name that failed before. */
  readonly instead: string | undefined
}

/**
 * The same step at the same place is the same request, whoever asks and however often. `again`: AWS answered with an image that is not there
 * any more, so another one is meant. At most 64 characters.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Run_Instance_Idempotency.html
 */
export const copyToken = (step: CopyStep, place: string, again = 0): string =>
  sha256(canonicalJson([place, step, again]))
