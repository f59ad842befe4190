import { placeOf, type GroupPlace } from '../../core/follow/place.ts'
import type { Groups } from '../../core/groups/groups.ts'
import { environments, stackName, type Environment, type Riglet } from '../../core/names.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { isLast } from '../../core/shapes.ts'
import { orUnchecked } from '../../engine/of-many.ts'

/** A group that follow made, and that groups.yaml does not name any more: it runs on, and follows nothing. */
export type GroupLeft = {
  readonly name: string
  readonly environment: Environment
  readonly place: GroupPlace
  readonly stack: string
  /** What deletes it, in its own account. */
  readonly remove: string
}

export type Left = {
  readonly groups: readonly GroupLeft[]
  /** Places that did not answer -> why. */
  readonly unchecked: ReadonlyMap<string, string>
}

/**
 * Asks every place that the file knows for its Auto Scaling groups; their names tell whose they are. Stacks are not listed: that
 * is a right on all stacks of an account, and the role in there has it on groups' alone.
 */
export async function findLeft(
  said: Groups,
  {
    riglet,
    home,
    only,
  }: { readonly riglet: Riglet; readonly home: string; readonly only: readonly Environment[] | undefined },
  thereOf: (place: GroupPlace) => Regional,
): Promise<Left> {
  const all = Object.values(said.groups)
  // Where a group may have been of which only the account is left.
  const bare = Object.keys(said.accounts).filter((name) => !all.some(({ account }) => account === name))
  // Nobody but those who have groups is asked, and whoever runs it may have no rights at home (A14).
  const own = Object.keys(said.accounts).length === 0 ? [{}] : []
  const named = [...all, ...own, ...bare.map((account) => ({ account }))]
  const places = new Map(named.map((one) => placeOf(one, said, home)).map((place) => [place.title, place]))
  const known = new Set(
    all.map((one) => `${placeOf(one, said, home).title} ${stackName.group(riglet, one.environment, one.name)}`),
  )
  const unchecked = new Map<string, string>()
  const looks = [...places.values()].map(async (place): Promise<readonly GroupLeft[]> => {
    const there = thereOf(place)
    const groups = await orUnchecked(there.fleet.allGroups())
    if ('type' in groups) {
      unchecked.set(place.title, groups.why)
      return []
    }
    const lost = groups.flatMap(({ stack = '' }) => {
      const environment = environments.find((one) => stack.startsWith(stackName.group(riglet, one, '')))
      const meant = environment !== undefined && (only?.includes(environment) ?? true)
      return meant && !known.has(`${place.title} ${stack}`) ? [{ stack, environment }] : []
    })
    return Promise.all(
      lost.map(async ({ stack, environment }) => ({
        ...{ name: stack.slice(stackName.group(riglet, environment, '').length), environment, place, stack },
        remove: await removal(stack, environment, there.images.awsCliCommand),
      })),
    )
  })
  return { groups: (await Promise.all(looks)).flat(), unchecked }
}

/** Groups of production are protected. */
async function removal(
  stack: string,
  environment: Environment,
  aws: Ports['images']['awsCliCommand'],
): Promise<string> {
  const lift = `cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack}`
  const words = [...(isLast(environment) ? [lift] : []), `cloudformation delete-stack --stack-name ${stack}`]
  return (await Promise.all(words.map(aws))).join(' && ')
}
