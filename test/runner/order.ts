/** Seconds that a suite takes, roughly, on two processors: what takes longest begins first, so that nothing runs alone at the end. */
export const seconds: Readonly<Record<string, number>> = {
  'journey 2-loop': 720,
  'journey 7-attack': 510,
  'journey 8-two-apps': 660,
  'journey 7-roll-out': 350,
  'journey 3-faults': 490,
  'journey 6-by-hand': 200,
  'journey 1-demo': 660,
  'journey 4-killed': 80,
  contract: 190,
  'contract riglet': 450,
  'contract clients': 110,
  'clean set-up': 210,
  parts: 150,
  'parts rehearsal 1': 120,
  'parts rehearsal 2': 100,
  'parts rehearsal 3': 90,
  'parts rehearsal 4': 80,
}

/** One that is not listed begins first: nobody knows yet how long it takes. */
const secondsOf = ({ name }: { readonly name: string }): number => seconds[name] ?? 3600

export const longestFirst = <One extends { readonly name: string }>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => secondsOf(other) - secondsOf(one))
