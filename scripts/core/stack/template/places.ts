import { isMap, type Document, type Node } from 'yaml'
import { nameOf, scalarsOf } from './nodes.ts'

export type Place = { readonly line: number; readonly column: number }

/** Where in a template's text CloudFormation's complaints point: its own words name no line. */
export const placesIn = (document: Document, placeAt: (offset: number) => Place) => ({
  placeOfPath: (path: readonly string[]): Place | undefined => {
    let place: Place | undefined
    let node: unknown = document.contents
    for (const step of path) {
      const pair = isMap(node) ? node.items.find(({ key }) => nameOf(key) === step) : undefined
      if (pair === undefined) break
      place = placeAt((pair.key as Node).range?.[0] ?? 0)
      node = pair.value
    }
    return place
  },
  placeOfWords: (words: string): Place | undefined => {
    const written = scalarsOf(document).filter(({ isProse }) => !isProse)
    for (const name of namesIn(words)) {
      const found =
        written.find(({ text }) => text === name) ??
        written.find(({ text }) => text.split(/[^A-Za-z0-9]+/).includes(name))
      if (found !== undefined) return placeAt(found.at)
    }
    return undefined
  },
})

/** Names that a complaint is about: first those in brackets or quotes, then whatever looks like one. */
function namesIn(words: string): string[] {
  const marked = [...words.matchAll(/\[([^\]]+)\]|'([^']+)'/g)].flatMap(([, list, quoted]) =>
    (list ?? quoted ?? '').split(/[,\s/]+/),
  )
  const others = [...words.matchAll(/[A-Za-z][A-Za-z0-9]{2,}/g)].map(([name]) => name)
  return [...marked, ...others.filter((word) => /[a-z][A-Z]/.test(word))].filter((name) =>
    /^[A-Za-z0-9]{3,}$/.test(name),
  )
}
