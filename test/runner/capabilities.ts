import type { Suite } from './results.ts'

export type Capability = { readonly id: string; readonly text: string }
/** A capability with the titles of the passing tests that cite it; none while any test that cites it fails. */
export type Standing = Capability & { readonly proofs: readonly string[] }

export const capabilities = (markdown: string): readonly Capability[] =>
  [...markdown.matchAll(/^([GASRTB]\d\d) (.+)$/gm)].map(([, id, text]) => ({ id: id!, text: text! }))

export const cited = (title: string): readonly string[] => title.match(/\b[GASRTB]\d\d\b/g) ?? []

export const standing = (list: readonly Capability[], suites: readonly Suite[]): readonly Standing[] => {
  const results = suites.flatMap((suite) => suite.results)
  return list.map((capability) => {
    const about = results.filter((result) => cited(result.title).includes(capability.id))
    const proved = about.every((result) => result.state === 'passed')
    return { ...capability, proofs: proved ? about.map((result) => result.title) : [] }
  })
}
