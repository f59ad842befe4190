import type { Fault } from './places.ts'

const marks: Readonly<Record<string, string>> = {
  '<': 'one side begins here',
  '=': 'the other side begins here',
  '>': 'the other side ends here',
}

/** Lines that git left where two commits changed the same ones. Each side may be right: only a person can tell. */
export function conflictMarks(text: string): Fault[] {
  if (!/^<{7} /m.test(text)) return []
  return [...text.matchAll(/^([<=>])\1{6}(?: .*)?\r?$/gm)].map((match) => ({
    at: match.index,
    what: `a merge was not finished: ${marks[match[1]!]!}`,
  }))
}
