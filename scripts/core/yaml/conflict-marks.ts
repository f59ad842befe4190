import type { Fault } from './places.ts'

const marks: Readonly<Record<string, string>> = {
  '<': 'one side begins here',
  '|': 'what both came from begins here',
  '=': 'the other side begins here',
  '>': 'the other side ends here',
}

/**
 * Lines that git left where two commits changed the same ones. Each side may be right: only a person can tell. One that was
 * forgotten while the others were taken away is told, too: no line of ours begins so.
 */
export const conflictMarks = (text: string): Fault[] =>
  [...text.matchAll(/^([<|=>])\1{6}(?: .*)?\r?$/gm)].map((match) => ({
    at: match.index,
    what: `a merge was not finished: ${marks[match[1]!]!} (git's conflict mark)`,
  }))

export const mergeRemedy = (file: string): string =>
  `Finish the merge: keep what is right of both sides, delete the lines with marks, then: git add ${file}`
