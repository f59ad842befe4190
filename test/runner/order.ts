/** Seconds that a suite takes, roughly, on two processors: what takes longest begins first, so that nothing runs alone at the end. */
export const seconds: Readonly<Record<string, number>> = {
  'journey 2-loop': 840,
  'journey 7-attack': 660,
  'journey 5-recovery': 500,
  'journey 8-two-apps': 660,
  'journey 9-back': 790,
  'journey 7-roll-out': 410,
  'journey 3-faults': 330,
  'journey 6-by-hand': 250,
  'journey 1-demo': 410,
  'journey 4-killed': 90,
  contract: 210,
  'contract riglet': 260,
  'contract clients': 140,
  'clean set-up': 330,
  parts: 150,
  'parts rehearsal 1': 140,
  'parts rehearsal 2': 130,
  'parts rehearsal 3': 120,
  'parts rehearsal 4': 100,
}

/** One that is not listed begins first: nobody knows yet how long it takes. */
const secondsOf = ({ name }: { readonly name: string }): number => seconds[name] ?? 3600

export const longestFirst = <One extends { readonly name: string }>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => secondsOf(other) - secondsOf(one))
