import type { Environments } from '../environments/app-settings.ts'
import { environments, type Environment } from '../names.ts'
import type { Origin } from './origins.ts'
import type { Use } from './uses.ts'

/** Days that an image which runs may be old, where environments.yaml says nothing else. */
export const usualImageAge = 90

const day = 24 * 60 * 60_000

/** How old what runs in one environment is, or in one place that is none (B14). */
export type Age = {
  /** An environment, or an account and region besides. */
  readonly where: string
  /** Days; null: any number. */
  readonly objective: number | null
  /** The oldest that runs there. */
  readonly worst: { readonly image: string; readonly subject: string; readonly days: number } | undefined
  readonly passed: boolean
  /** What runs there and is gone, so that nobody knows how old it is. */
  readonly unknown: readonly string[]
}

/** What an app's stack says that it runs, though its group could not be looked at. */
export type StackUse = { readonly stack: string; readonly environment: Environment; readonly image: string }

/**
 * The oldest image that runs in each environment, and in each place besides, in whole days since it was made; a copy is as old
 * as its candidate.
 */
export function agesOf(
  origins: readonly Origin[],
  uses: readonly Use[],
  stacks: readonly StackUse[],
  declared: Environments,
  now: Date,
): readonly Age[] {
  const created = new Map(
    origins.flatMap((origin) => [...origin.copies, ...origin.derived].map(({ id }) => [id, origin.created] as const)),
  )
  const running = [
    ...uses.map(({ environment, site, name, image }) => ({ where: environment ?? site.title, subject: name, image })),
    ...stacks.map(({ environment, stack, image }) => ({ where: environment, subject: stack, image })),
  ]
  const places = Map.groupBy(running, ({ where }) => where)
  const order = [
    ...environments.filter((name) => places.has(name)),
    ...[...places.keys()].filter((name) => !isOne(name)),
  ]
  return order.map((where) => {
    const here = places.get(where)!
    const unknown = [...new Set(here.map(({ image }) => image).filter((image) => !created.has(image)))]
    const aged = here.flatMap(({ subject, image }) => {
      const since = created.get(image)
      return since === undefined
        ? []
        : [{ subject, image, days: Math.floor((now.getTime() - Date.parse(since)) / day) }]
    })
    const [worst] = aged.sort((one, other) => other.days - one.days)
    const said = isOne(where) ? declared[where]?.imageAge : undefined
    const objective = said === undefined ? usualImageAge : said
    const passed = worst !== undefined && objective !== null && worst.days > objective
    return { where, objective, worst, passed, unknown }
  })
}

const isOne = (where: string): where is Environment => environments.some((name) => name === where)
