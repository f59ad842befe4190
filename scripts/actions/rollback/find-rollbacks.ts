import { appName, parameterPath, rollbackName, type Environment, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { doubt, readRollback, stillHolds, type RollbackLook } from '../../core/rollback/record.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { HistoryOf } from '../approval/approved-images.ts'
import { orWhy } from '../../engine/of-many.ts'

/** The roll-backs that a riglet's apps are in now: one call, and a look at the history of those alone that may be in one. */
export async function findRollbacks(
  riglet: Riglet,
  apps: readonly { readonly environment: Environment; readonly stack: StackState }[],
  historyOf: HistoryOf,
  ports: Pick<Ports, 'parameters'>,
): Promise<(stack: string) => RollbackLook> {
  if (apps.length === 0) return () => ({})
  const asked = await orWhy(ports.parameters.values(parameterPath(riglet, 'rollback')))
  if (asked.type === 'refused') return () => ({ unchecked: doubt(asked.why) })
  const looks = await Promise.all(
    apps.map(async ({ environment, stack }) => {
      const { Repo: repo = '', Branch: branch = '', App: app } = stack.parameters
      const source = { repo, branch, app }
      const place = rollbackName(riglet, environment, appName(source))
      const look = await readRollback(place, asked.answer.get(place))
      if (look.rollback === undefined || !stillHolds(look.rollback, stack)) return [stack.name, dropped(look)] as const
      const history = await historyOf(source)
      if (history.type === 'refused') return [stack.name, { unchecked: doubt(history.why) }] as const
      const passed = history.answer.get(stack.name)?.passed
      return [stack.name, stillHolds(look.rollback, stack, passed) ? look : {}] as const
    }),
  )
  const byStack = new Map<string, RollbackLook>(looks)
  return (stack) => byStack.get(stack) ?? {}
}

const dropped = ({ unchecked }: RollbackLook): RollbackLook => (unchecked === undefined ? {} : { unchecked })
