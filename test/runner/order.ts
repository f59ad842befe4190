/** Seconds that a suite takes, roughly, on two processors: what takes longest begins first, so that nothing runs alone at the end. */
export const seconds: Readonly<Record<string, number>> = {
  'journey 2-loop': 800,
  'journey 7-attack': 590,
  'journey 5-recovery': 480,
  'journey 8-two-apps': 540,
  'journey 9-back': 640,
  'journey 7-roll-out': 350,
  'journey 3-faults': 280,
  'journey 6-by-hand': 230,
  'journey 1-demo': 340,
  'journey 4-killed': 80,
  contract: 90,
  'contract riglet': 190,
  'contract clients': 120,
  'clean set-up': 280,
  parts: 140,
  'parts rehearsal 1': 130,
  'parts rehearsal 2': 120,
  'parts rehearsal 3': 120,
  'parts rehearsal 4': 90,
}

/** One that is not listed begins first: nobody knows yet how long it takes. */
const secondsOf = ({ name }: { readonly name: string }): number => seconds[name] ?? 3600

export const longestFirst = <One extends { readonly name: string }>(all: readonly One[]): readonly One[] =>
  all.toSorted((one, other) => secondsOf(other) - secondsOf(one))
