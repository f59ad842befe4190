import { isCommit } from '../groups/groups.ts'

/** What a ref names, as far as that could be told. */
export type RefLook =
  | { readonly type: 'commit'; readonly commit: string }
  /** Nobody can say which commit is meant. */
  | { readonly type: 'fault'; readonly why: string }
  | { readonly type: 'unchecked'; readonly why: string }

/** The names under which a repository may have it; none: it is a commit, and nobody needs to be asked. */
export function namesOf(ref: string): readonly string[] {
  if (isCommit(ref)) return []
  return ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]
}

/** `has`: names that the repository has -> their commits. */
export function commitOfRef(ref: string, url: string, has: ReadonlyMap<string, string>): RefLook {
  if (isCommit(ref)) return { type: 'commit', commit: ref }
  const found = namesOf(ref).filter((name) => has.has(name))
  const [one, other] = found
  if (one === undefined)
    return {
      type: 'fault',
      why: `${url} has no branch or tag ${ref}${/^[0-9a-f]{7,63}$/.test(ref) ? '; a commit is named by all its 40 digits' : ''}`,
    }
  if (other !== undefined)
    return { type: 'fault', why: `${url} has a branch and a tag ${ref}: say ${found.join(' or ')}` }
  return { type: 'commit', commit: has.get(one)! }
}
