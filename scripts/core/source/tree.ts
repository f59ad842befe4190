import { RigletError } from '../errors.ts'

/**
 * What stands at a path of the checkout, as Packer uploads it. Packer follows links, so a link is there twice: as itself
 * (what comes through one in a folder gets modes of its own), and again with what it leads to.
 */
export type TreeEntry =
  | { readonly type: 'file'; readonly path: string; readonly mode: number; readonly digest: string }
  | { readonly type: 'folder'; readonly path: string; readonly mode: number }
  | { readonly type: 'link'; readonly path: string; readonly target: string }

/** Something that cannot be in an image, or not be brought to a build, and what helps. */
export type TreeFault = { readonly path: string; readonly what: string; readonly remedy: string }

export type Tree = {
  readonly entries: readonly TreeEntry[]
  readonly faults: readonly TreeFault[]
  /** Where links led that are not below the folder itself, and the links on the way. */
  readonly reached: readonly string[]
}

/** Git knows two kinds of file; the other bits come from whoever's umask it is. */
export const isExecutable = (mode: number): boolean => (mode & 0o100) !== 0

/** What git gives: 644, or 755 for folders and what may be executed. Who else may write is left to the umask. */
const usual = (entry: Extract<TreeEntry, { mode: number }>): number =>
  entry.type === 'folder' || isExecutable(entry.mode) ? 0o755 : 0o644

/** Packer uploads all bits of a mode, git keeps one: with other bits the same commit would make another image here. */
export const modeFaults = (entries: readonly TreeEntry[]): TreeFault[] =>
  entries.flatMap((entry) => {
    if (entry.type === 'link' || (entry.mode & 0o755) === usual(entry)) return []
    const [is, wants] = [entry.mode & 0o777, usual(entry)].map((mode) => mode.toString(8))
    return {
      path: entry.path,
      what: `has mode ${is}, which Packer uploads; git would make it ${wants}`,
      remedy: 'chmod -R u=rwX,go=rX packer   (another mode is for a provisioner to set)',
    }
  })

/** What an image is made of below packer/: all but other images, and Packer's own files beside the folders. */
export const belongsTo =
  (image: string, images: readonly string[]) =>
  (path: string): boolean => {
    const [, name = '', ...below] = path.split('/')
    if (name !== image && images.includes(name)) return false
    return below.length > 0 || !name.endsWith('.pkr.hcl')
  }

/** Paths of what was there before and is gone or another thing now. */
export function changedEntries(before: readonly TreeEntry[], after: readonly TreeEntry[]): string[] {
  const row = (entry: TreeEntry): string => JSON.stringify(Object.entries(entry).sort())
  const now = new Set(after.map(row))
  return [...new Set(before.filter((entry) => !now.has(row(entry))).map(({ path }) => path))]
}

const shown = 20

/** `head`, then each fault a line, then each remedy once. */
export const treeFaults = (head: string, faults: readonly TreeFault[]): RigletError => {
  const lines = faults.slice(0, shown).map(({ path, what }) => `  ${path} ${what}`)
  const more = faults.length > shown ? [`  and ${faults.length - shown} more`] : []
  const remedies = [...new Set(faults.map(({ remedy }) => remedy))].slice(0, shown)
  return new RigletError('FILE', [head, ...lines, ...more].join('\n'), remedies.join('\n'))
}
