/** Why an image must not be rolled out any more; kept in the tags of each image that it is about. */
export type Revocation = {
  /** The image that was revoked: itself, or one that it is a copy of or made of. Empty: a tag by other hands says it. */
  readonly root: string
  /** To the second, in UTC. */
  readonly at: string
  /** ARN. */
  readonly by: string
  readonly reason: string
}

type Tags = Readonly<Record<string, string>>

const mark = 'Revoked'
const reasonTag = 'RevokedReason'
/** Whom it was shared with until then; several where one does not hold them all. */
const sharedTag = 'RevokedSharing'

/** Of a tag's value. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
export const mostCharacters = 256
/** Of 50 tags that an image may have some are riglet's own, and some are its team's. */
const mostTags = 20

export const revocationTags = ({ root, at, by, reason }: Revocation): Tags => ({
  [mark]: `${at} of ${root} by ${by}`.slice(0, mostCharacters),
  [reasonTag]: reason,
})

/** undefined: it is not revoked. Whatever the tag says, an image that has it is. */
export function revocationOf(tags: Tags): Revocation | undefined {
  const said = tags[mark]
  if (said === undefined) return undefined
  const [, at = '', root = '', by = ''] = /^(\S+Z) of (ami-\w+) by (.+)$/.exec(said) ?? []
  return { root, at, by, reason: tags[reasonTag] ?? said }
}

/** Account ids, ARNs, and `all`, as tags; whoever finds no room is left out. */
export function sharingTags(consumers: readonly string[]): Tags {
  const values: string[] = []
  for (const consumer of [...new Set(consumers)].sort()) {
    const longer = [values.at(-1), consumer].filter((part) => part !== undefined).join(' ')
    if (values.length > 0 && longer.length <= mostCharacters) values[values.length - 1] = longer
    else values.push(consumer)
  }
  return Object.fromEntries(
    values.slice(0, mostTags).map((value, index) => [index === 0 ? sharedTag : `${sharedTag}${index + 1}`, value]),
  )
}

const isSharingTag = (key: string): boolean => new RegExp(`^${sharedTag}\\d*$`).test(key)

/** Whom an image was shared with before it was revoked. */
export const sharedBefore = (tags: Tags): readonly string[] =>
  Object.entries(tags)
    .filter(([key]) => isSharingTag(key))
    .flatMap(([, value]) => value.split(' ').filter(Boolean))
    .sort()

/** The tags that a revocation left on an image. */
export const revocationKeys = (tags: Tags): readonly string[] =>
  Object.keys(tags).filter((key) => key === mark || key === reasonTag || isSharingTag(key))

/** `since 2026-02-01T08:00:00Z, by arn:...:user/ada: CVE-2026-1234`, and because of which image if it is another one. */
export function revocationWords({ root, at, by, reason }: Revocation, id: string): string {
  const when = at === '' ? [] : [`since ${at}, by ${by}`]
  const why = root === '' || root === id ? [] : [`because of ${root}, which it is a copy of or made of`]
  return [[...when, ...why].join(', '), reason].filter((part) => part !== '').join(': ')
}
