import { isAlias, isMap, isScalar, isSeq, visit, type Document, type Node } from 'yaml'

/** What is wrong, and how many characters of the text stand before it. */
export type Fault = { readonly at: number; readonly what: string }

/** Keys, and places in lists as text. */
export type Path = readonly string[]

/** Where the last step of a path stands, or what it holds; of one that is not there, the deepest part that is. */
export function placeOf(document: Document, path: Path, desired: 'key' | 'value'): number {
  let node: unknown = document.contents
  let at = 0
  for (const [index, step] of path.entries()) {
    const within = isAlias(node) ? node.resolve(document) : node
    if (isSeq(within)) {
      const item = within.items[Number(step)] as Node | undefined
      if (item === undefined) break
      at = item.range?.[0] ?? at
      node = item
      continue
    }
    const pair = isMap(within) ? within.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined
    if (pair === undefined) break
    const key = (pair.key as Node).range?.[0] ?? at
    at = index === path.length - 1 && desired === 'value' ? ((pair.value as Node | null)?.range?.[0] ?? key) : key
    node = pair.value
  }
  return at
}

/** Where the parser speaks to programmers. */
const plainly: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here, and only one may stand in the file',
  RESOURCE_EXHAUSTION: 'lists and names are nested too deeply here',
}

/** What a document holds, aliases filled in; a few lines of them can stand for millions. */
export function contentOf(document: Document): { readonly value: unknown } | { readonly fault: Fault } {
  try {
    return { value: document.toJS() }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    let at: number | undefined
    visit(document, { Alias: (_, alias) => void (at ??= alias.range?.[0]) })
    return { fault: { at: at ?? 0, what: 'its aliases (*) stand for too much: write out what they mean' } }
  }
}

/** Of faults in the form only the first: the others are mostly its consequences. Keys that stand twice are none of these. */
export function formFaults(document: Document): {
  readonly broken: readonly Fault[]
  readonly twice: readonly Fault[]
} {
  const told = [...document.errors, ...document.warnings]
  const broken = told.find(({ code }) => code !== 'DUPLICATE_KEY')
  if (broken !== undefined)
    return { broken: [{ at: broken.pos[0], what: plainly[broken.code] ?? broken.message }], twice: [] }
  return {
    broken: unresolvedIn(document),
    twice: told.map(({ pos }) => ({ at: pos[0], what: 'this key stands already above' })),
  }
}

function unresolvedIn(document: Document): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        faults.push({ at: alias.range?.[0] ?? 0, what: `nothing above is called &${alias.source}` })
    },
  })
  return faults
}
