import { RigletError } from '../errors.ts'

/** Everything that is wrong with a file, at once, each with its line and column. */
export const fileFaults = (
  code: 'SETTINGS' | 'FILE',
  file: string,
  faults: readonly { readonly place: string; readonly what: string }[],
  remedy: string,
): RigletError =>
  new RigletError(
    code,
    [
      `${file} ${faults.length === 1 ? 'has a fault' : `has ${faults.length} faults`}.`,
      ...faults.map(({ place, what }) => `  ${place}: ${what}`),
    ].join('\n'),
    `Nothing was changed. ${remedy}`,
  )
