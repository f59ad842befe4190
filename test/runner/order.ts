/** Seconds that a suite takes, roughly, on two processors: what takes longest begins first, so that nothing runs alone at the end. */
export const seconds: Readonly<Record<string, number>> = {
  'journey 2-loop': 840,
  'journey 7-attack': 530,
  'journey 8-two-apps': 800,
  'journey 7-roll-out': 350,
  'journey 3-faults': 530,
  'journey 6-by-hand': 230,
  'journey 1-demo': 790,
  'journey 4-killed': 100,
  'journey 9-factory': 420,
  contract: 200,
  'contract riglet 1': 430,
  'contract riglet 2': 280,
  'contract clients': 130,
  'clean set-up': 230,
  parts: 190,
  'parts rehearsal 1': 130,
  'parts rehearsal 2': 130,
  'parts rehearsal 3': 110,
  'parts rehearsal 4': 80,
}

/** One that is not listed begins first: nobody knows yet how long it takes. */
const secondsOf = ({ name }: { readonly name: string }): number => seconds[name] ?? 3600

export const longestFirst = <One extends { readonly name: string }>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => secondsOf(other) - secondsOf(one))
