import { nameNotTyped } from '../../core/catalogue/stacks.ts'
import type { Ports } from '../../core/ports.ts'

/**
 * What production loses is asked for by its name: a yes, or YES=1, is said too quickly. Without a terminal: NAME=...
 * @throws RigletError NOT_CONFIRMED
 */
export async function askByName(
  name: string,
  verb: 'delete' | 'unprotect',
  typed: string | undefined,
  { terminal }: Pick<Ports, 'terminal'>,
): Promise<void> {
  const answer = typed ?? (await terminal.ask(`Type ${name} to ${verb} it:`))
  if (answer !== name) throw nameNotTyped(name, verb)
}
