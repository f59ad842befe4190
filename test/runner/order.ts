/** Seconds that a suite takes, roughly, on two processors: what takes longest begins first, so that nothing runs alone at the end. */
export const seconds: Readonly<Record<string, number>> = {
  'journey 2-loop': 670,
  'journey 7-attack': 600,
  'journey 5-recovery': 440,
  'journey 8-two-apps': 400,
  'journey 9-back': 400,
  'journey 7-roll-out': 350,
  'journey 3-faults': 280,
  'journey 6-by-hand': 245,
  'journey 1-demo': 240,
  'journey 4-killed': 75,
  contract: 180,
  'contract riglet': 120,
  'contract clients': 90,
  'clean set-up': 180,
  parts: 100,
  'parts rehearsal 1': 100,
  'parts rehearsal 2': 100,
  'parts rehearsal 3': 100,
  'parts rehearsal 4': 90,
}

/** One that is not listed begins first: nobody knows yet how long it takes. */
const secondsOf = ({ name }: { readonly name: string }): number => seconds[name] ?? 3600

export const longestFirst = <One extends { readonly name: string }>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => secondsOf(other) - secondsOf(one))
