import { sourceCommit } from '../names.ts'

/** A commit, and who sent it to a pipeline. */
export type Pushed = {
  readonly commit: string
  readonly message: string
  readonly author: string
  /** Whose credentials sent it: an ARN. */
  readonly pusher: string
}

/**
 * As it stands in an object's metadata: HTTP headers take ASCII alone, and 2 KB in all. What CodePipeline shows of a
 * revision has a name of its own.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-S3.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export const metadataOf = (
  { commit, message, author, pusher }: Pushed,
  tags: readonly string[] = [],
): Readonly<Record<string, string>> => ({
  'codepipeline-artifact-revision-summary': `${commit.slice(0, 7)} ${message}`
    .slice(0, 200)
    .replace(/[^\x20-\x7e]/g, '?'),
  [sourceCommit]: commit,
  message: encodeURIComponent(message.slice(0, 100)).slice(0, 500),
  author: encodeURIComponent(author.slice(0, 100)).slice(0, 500),
  pusher: encodeURIComponent(pusher),
  ...(tags.length === 0 ? {} : { tags: fitting(tags).map(encodeURIComponent).join(' ') }),
})

/** As many as there is room for; a commit has few. */
const fitting = (tags: readonly string[]): readonly string[] =>
  tags.filter((_, index) => encodeURIComponent(tags.slice(0, index + 1).join(' ')).length <= 300)

/** Names of the git tags that a commit carried when it was pushed. */
export const tagsIn = ({ tags = '' }: Readonly<Record<string, string>>): readonly string[] =>
  tags.split(' ').flatMap((tag) => (tag === '' ? [] : [decoded(tag)]))

export function readMetadata(metadata: Readonly<Record<string, string>>): Pushed | undefined {
  const { [sourceCommit]: commit = '', message = '', author = '', pusher = '' } = metadata
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined
  return { commit, message: decoded(message), author: decoded(author), pusher: decoded(pusher) }
}

/**
 * Cut in the middle of a character it stays as it is. A commit's own words are shown to whoever approves: what moves a
 * terminal's cursor, or turns the direction of writing, is not passed on.
 */
function decoded(text: string): string {
  const unseen = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu
  try {
    return decodeURIComponent(text).replace(unseen, '?')
  } catch {
    return text.replace(unseen, '?')
  }
}
