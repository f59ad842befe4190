import { sourceCommit, sourceKey, type Source } from '../../core/names.ts'
import type { Commit } from '../../core/ports/local/git.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** Why a person may not mean to push what they are about to push. */
export type Doubt = { readonly type: 'uncommitted' | 'branch' | 'order'; readonly what: string }

export async function doubtsOf(
  commit: Commit,
  source: Source,
  bucket: string,
  ports: Pick<Ports, 'git' | 'buckets'>,
): Promise<readonly Doubt[]> {
  const [branch, changed, before] = await Promise.all([
    ports.git.branch(),
    ports.git.changed(),
    ports.buckets.metadata(bucket, sourceKey(source)),
  ])
  const [short, pipeline] = [commit.id.slice(0, 7), `the pipeline ships ${source.repo} ${source.branch}`]
  const order = await orderOf(commit, pushedCommit(before), ports)
  const said: readonly (Doubt | undefined)[] = [
    branch === source.branch
      ? undefined
      : {
          type: 'branch',
          what:
            branch === undefined
              ? `No branch is checked out (HEAD is detached at ${short}); ${pipeline}.`
              : `The branch that is checked out is ${branch}; ${pipeline}.`,
        },
    order === undefined ? undefined : { type: 'order', what: `${short} ${order}` },
    changed.length === 0
      ? undefined
      : { type: 'uncommitted', what: `Not committed, and so not pushed:\n${listed(changed).join('\n')}` },
  ]
  return said.filter((one) => one !== undefined)
}

const shown = 10
const listed = (paths: readonly string[]): string[] => [
  ...paths.slice(0, shown).map((path) => `  ${path}`),
  ...(paths.length > shown ? [`  and ${paths.length - shown} more`] : []),
]

/** Older pushes have only its first digits, at the head of what CodePipeline shows. */
const pushedCommit = (metadata: Readonly<Record<string, string>> | undefined): string | undefined =>
  metadata?.[sourceCommit] ?? /^[0-9a-f]{7}(?= )/.exec(metadata?.['codepipeline-artifact-revision-summary'] ?? '')?.[0]

/** What is odd about a commit after the one that was pushed before it. */
async function orderOf(
  commit: Commit,
  before: string | undefined,
  { git }: Pick<Ports, 'git'>,
): Promise<string | undefined> {
  if (before === undefined) return undefined
  const last = before.slice(0, 7)
  switch (await git.relation(commit.id, before)) {
    case 'same':
    case 'newer':
      return undefined
    case 'older':
      return `is older than ${last}, which was pushed before.`
    case 'apart':
      return `does not build on ${last}, which was pushed before: what came with that one would be gone.`
    case 'unknown':
      return `may not build on ${last}, which was pushed before: this repository does not have that commit.`
  }
}
