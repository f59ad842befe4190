import { appName, rollbackName, type Environment, type Riglet, type Source } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { doubt, readRollback, type RollbackLook } from '../../core/rollback/record.ts'
import { orWhy } from '../../engine/of-many.ts'

/** What is kept of an app's last roll-back, by one call; whether it still holds is another question. */
export async function findRollback(
  riglet: Riglet,
  environment: Environment,
  source: Source,
  { parameters }: Pick<Ports, 'parameters'>,
): Promise<RollbackLook> {
  const place = rollbackName(riglet, environment, appName(source))
  const asked = await orWhy(parameters.get(place))
  return asked.type === 'refused' ? { unchecked: doubt(asked.why) } : readRollback(place, asked.answer)
}
