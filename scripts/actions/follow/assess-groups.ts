import { isOfOne } from '../../core/errors.ts'
import { noGroups } from '../../core/follow/errors.ts'
import { placeOf, type GroupPlace } from '../../core/follow/place.ts'
import {
  awaitsBuild,
  planGroup,
  whileBuilding,
  type GroupPlan,
  type GroupSeen,
  type GroupThere,
} from '../../core/follow/plan-group.ts'
import { commitOfRef, namesOf, type RefLook } from '../../core/follow/ref.ts'
import { groupsFile, type Group, type Groups } from '../../core/groups/groups.ts'
import { environments, stackName } from '../../core/names.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { chooseImage } from '../image/choose-image.ts'
import { findLeft, type Left } from './find-left.ts'

export type FollowSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>

/** What is to become of a group, and the ports of its place. */
export type Assessed = { readonly plan: GroupPlan; readonly there: Regional }

/**
 * Asks each repository once for what refs name there, and each group's own account for its stack and the images of that
 * commit; nobody else is asked anything (A14). A repository or an account that does not answer hides nothing of the others.
 */
export async function assessGroups(
  { followed, thereOf }: { readonly followed: readonly GroupThere[]; readonly thereOf: ThereOf },
  ports: Pick<Ports, 'git' | 'terminal'>,
): Promise<readonly Assessed[]> {
  const refOf = await lookAtRefs(followed, ports)
  return Promise.all(
    followed.map(async (one) => {
      const [ref, there] = [refOf(one.group), thereOf(one.place)]
      const plan = planGroup(one, ref, await orUnchecked(look(one, ref, there)))
      return { plan: await ifBuilding(await ifLaunchable(plan, there, ports), thereOf), there }
    }),
  )
}

/**
 * The groups that are meant, and those that the file does not name any more.
 * @throws RigletError FILE | NOT_FOUND
 */
export async function readFollowed(
  settings: FollowSettings,
  ports: Pick<Ports, 'at' | 'files'>,
): Promise<{ readonly followed: readonly GroupThere[]; readonly left: Left; readonly thereOf: ThereOf }> {
  const thereOf = regionalOf(ports)
  const text = await ports.files.readIfThere(groupsFile)
  const said: Groups =
    text === undefined
      ? { accounts: {}, groups: {} }
      : (await import('../../core/groups/read-groups.ts')).readGroups(text)
  const { ENV, REGION: home } = settings
  const riglet = rigletOf(settings)
  const only = ENV === undefined ? undefined : environments.filter((name) => name === ENV)
  const left = await findLeft(said, { riglet, home, only }, thereOf)
  const followed = meantIn(said, settings)
  if (followed.length === 0 && left.groups.length === 0)
    throw noGroups(ENV, [...new Set(Object.values(said.groups).map(({ environment }) => environment))])
  return { followed, left, thereOf }
}

function meantIn(said: Groups, settings: FollowSettings): readonly GroupThere[] {
  const { ENV } = settings
  const meant = Object.values(said.groups).filter(({ environment }) => ENV === undefined || environment === ENV)
  const riglet = rigletOf(settings)
  return meant.map((group) => ({
    group,
    place: placeOf(group, said, settings.REGION),
    buildPlace: group.build && placeOf(group.build, said, settings.REGION),
    stack: stackName.group(riglet, group.environment, group.name),
    marks: marksOf(riglet, undefined, group.environment),
  }))
}

/** A group that is pinned to a commit needs no repository to be asked. */
async function lookAtRefs(
  followed: readonly GroupThere[],
  { git }: Pick<Ports, 'git'>,
): Promise<(group: Group) => RefLook> {
  const asked = Map.groupBy(
    followed.filter(({ group }) => namesOf(group.repo.ref).length > 0),
    ({ group }) => group.repo.url,
  )
  const answers = new Map(
    await Promise.all(
      [...asked].map(async ([url, groups]) => {
        const names = new Set(groups.flatMap(({ group }) => namesOf(group.repo.ref)))
        return [url, await orUnchecked(git.refsOf(url, [...names]))] as const
      }),
    ),
  )
  return ({ repo: { url, ref } }) => {
    const answer = answers.get(url) ?? new Map<string, string>()
    return 'type' in answer ? { type: 'unchecked', why: `${url}: ${answer.why}` } : commitOfRef(ref, url, answer)
  }
}

type ThereOf = (place: GroupPlace) => Regional

/** One session for all groups of a place. */
function regionalOf({ at }: Pick<Ports, 'at'>): ThereOf {
  const opened = new Map<string, Regional>()
  return (place) => {
    const there = opened.get(place.title) ?? at(place.target)
    opened.set(place.title, there)
    return there
  }
}

async function look({ group, stack }: GroupThere, ref: RefLook, there: Regional): Promise<GroupSeen> {
  const [state, images] = await Promise.all([
    there.stacks.find(stack),
    ref.type === 'commit' ? there.images.tagged({ ...group.tags, [group.repo.tagName]: ref.commit }) : [],
  ])
  return { type: 'seen', state, images }
}

/** Before CloudFormation finds out the slow way that nothing can be launched from the image. */
async function ifLaunchable(
  plan: GroupPlan,
  there: Regional,
  { terminal }: Pick<Ports, 'terminal'>,
): Promise<GroupPlan> {
  const { next, now, group, place } = plan
  if (next === undefined || next.image === now?.image) return plan
  const refuse = (why: string, how: 'fault' | 'unchecked'): GroupPlan => ({ ...plan, next: undefined, [how]: why })
  try {
    await chooseImage(next.image, place.region, group.instanceType, {
      images: there.images,
      keys: there.keys,
      terminal,
    })
    return plan
  } catch (error) {
    if (!isOfOne(error)) throw error
    return refuse(error.message, error.code === 'IMAGE' ? 'fault' : 'unchecked')
  }
}

/** Executions that are looked at: one that runs is among the newest. */
const newest = 20

/** The one question to whoever builds, where groups.yaml names a pipeline; what cannot be asked is unchecked. */
async function ifBuilding(plan: GroupPlan, thereOf: (place: GroupPlace) => Regional): Promise<GroupPlan> {
  const { group, buildPlace } = plan
  if (!awaitsBuild(plan) || group.build === undefined || buildPlace === undefined) return plan
  const { pipeline } = group.build
  const asked = await orUnchecked(thereOf(buildPlace).pipelines.executions(pipeline, newest))
  return 'type' in asked
    ? { ...plan, next: undefined, kept: undefined, unchecked: `${plan.kept}; whether ${pipeline} runs: ${asked.why}` }
    : whileBuilding(
        plan,
        asked.some(({ status }) => status === 'InProgress'),
      )
}
