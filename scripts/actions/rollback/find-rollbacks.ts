import { isRigletError } from '../../core/errors.ts'
import { parameterPath, rigletName, rollbackName, type Environment, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import { readRollback, stillHolds, type Rollback } from '../../core/rollback/record.ts'
import type { StackState } from '../../core/stack/state.ts'
import { approvedImages } from '../approval/approved-images.ts'
import { orWhy } from '../or-why.ts'

/** The roll-back that an app is in, or why nobody can tell; neither where it is in none. */
export type RollbackLook = { readonly rollback?: Rollback; readonly unchecked?: string }

/** What is kept of an app's last roll-back, holds or not. What may not be asked, or cannot be read, hides nothing else. */
export async function readKept(
  riglet: Riglet,
  environment: Environment,
  app: string,
  { parameters }: Pick<Ports, 'parameters'>,
): Promise<RollbackLook> {
  const place = rollbackName(riglet, environment, app)
  const asked = await orWhy(parameters.get(place))
  return asked.type === 'refused' ? { unchecked: doubt(asked.why) } : read(place, asked.answer)
}

/** The same of all apps of a riglet, as far as they are in one now: one call, and a look at the history of those alone. */
export async function findRollbacks(
  riglet: Riglet,
  apps: readonly { readonly environment: Environment; readonly stack: StackState }[],
  ports: Ports,
): Promise<(stack: string) => RollbackLook> {
  if (apps.length === 0) return () => ({})
  const asked = await orWhy(ports.parameters.values(parameterPath(riglet, 'rollback')))
  if (asked.type === 'refused') return () => ({ unchecked: doubt(asked.why) })
  const looks = await Promise.all(
    apps.map(async ({ environment, stack }) => {
      const app = stack.name.slice(`${rigletName(riglet)}-${environment}-app-`.length)
      const place = rollbackName(riglet, environment, app)
      const look = await read(place, asked.answer.get(place))
      if (look.rollback === undefined || !stillHolds(look.rollback, stack)) return [stack.name, dropped(look)] as const
      const { passed } = await approvedImages(riglet, [{ name: `${rigletName(riglet)}-pipeline-${app}` }], ports)
      return [stack.name, stillHolds(look.rollback, stack, passed.get(stack.name)) ? look : {}] as const
    }),
  )
  const byStack = new Map<string, RollbackLook>(looks)
  return (stack) => byStack.get(stack) ?? {}
}

const dropped = ({ unchecked }: RollbackLook): RollbackLook => (unchecked === undefined ? {} : { unchecked })

const doubt = (why: string): string => `whether it was taken back: ${why}`

async function read(place: string, text: string | undefined): Promise<RollbackLook> {
  try {
    const rollback = await readRollback(place, text)
    return rollback === undefined ? {} : { rollback }
  } catch (error) {
    if (isRigletError(error, 'FILE')) return { unchecked: doubt(error.message) }
    throw error
  }
}
