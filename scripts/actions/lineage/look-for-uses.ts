import { commandOf } from '../../core/commands.ts'
import { needsRole } from '../../core/access/target.ts'
import type { Site } from '../../core/distribution/sites.ts'
import { app } from '../../core/layers/app.ts'
import { environmentIn } from '../../core/layers/layers.ts'
import { carriesTags } from '../../core/tags.ts'
import { environments, parameterPath, stackName, tagsOf, type Environment, type Riglet } from '../../core/names.ts'
import type { GroupFacts } from '../../core/ports/fleet.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import type { ChannelUse, Unchecked, Use } from '../../core/lineage/uses.ts'
import { isLast } from '../../core/shapes.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orUnchecked } from '../../engine/of-many.ts'

export type Uses = {
  readonly uses: readonly Use[]
  readonly channels: readonly ChannelUse[]
  readonly unchecked: readonly Unchecked[]
}

/** What runs images, or names them in a channel, all places at once. `apps`: stacks of the riglet's own, which have commands. */
export async function lookForUses(
  riglet: Riglet,
  ids: readonly string[],
  sites: readonly Site[],
  apps: readonly StackState[],
  { at }: Pick<Ports, 'at'>,
): Promise<Uses> {
  const looks = await Promise.all(
    sites.map(async (site): Promise<Uses> => {
      const there = at(site.target)
      const [running, channels] = await Promise.all([
        usesAt(riglet, site, ids, needsRole(site.target) ? [] : apps, there),
        site.publishes ? orUnchecked(channelsAt(riglet, site, ids, there)) : [],
      ])
      return 'type' in channels
        ? {
            ...running,
            channels: [],
            unchecked: [...running.unchecked, { what: `channels in ${site.title}`, why: channels.why }],
          }
        : { ...running, channels }
    }),
  )
  return {
    uses: looks.flatMap(({ uses }) => uses),
    channels: looks.flatMap(({ channels }) => channels),
    unchecked: looks.flatMap(({ unchecked }) => unchecked),
  }
}

async function channelsAt(
  riglet: Riglet,
  site: Site,
  ids: readonly string[],
  { parameters }: Regional,
): Promise<readonly ChannelUse[]> {
  const path = parameterPath(riglet, 'channel')
  return [...(await parameters.values(path))].flatMap(([parameter, id]) => {
    const [channel, image, architecture] = parameter.slice(path.length + 1).split('/')
    return ids.includes(id) && channel && image && architecture ? [{ site, channel, image, architecture, id }] : []
  })
}

type Running = Pick<Uses, 'uses' | 'unchecked'>

/** A group that has no instance now would launch one all the same: its launch template tells. */
async function usesAt(
  riglet: Riglet,
  site: Site,
  ids: readonly string[],
  apps: readonly StackState[],
  { fleet, images }: Regional,
): Promise<Running> {
  const [listed, seen] = await Promise.all([orUnchecked(fleet.allGroups()), orUnchecked(fleet.instancesOf(ids))])
  const groups = 'type' in listed ? [] : listed
  const running = 'type' in seen ? [] : seen
  const { launched, unchecked } = await imagesOf(groups, site, fleet)
  const known = new Set(ids)
  const named = running.flatMap(({ group }) => group ?? [])
  const names = new Set([...groups.map(({ name }) => name), ...named])
  const inGroups = [...names].map(async (name): Promise<readonly Use[]> => {
    const own = running.filter((instance) => instance.group === name)
    // In the middle of a roll-out it runs two.
    const each = [...new Set([...own.map(({ image }) => image), launched.get(name) ?? ''])].filter((id) =>
      known.has(id),
    )
    if (each.length === 0) return []
    const ours = appOf(name, apps)
    const { stack, tags = {} } = groups.find((group) => group.name === name) ?? {}
    const environment = ours?.environment ?? environmentOfGroup(riglet, tags)
    const remedy = ours?.remedy ?? (await remedyByHand(riglet, name, stack, images.awsCliCommand))
    return each.map((image) => ({
      ...{ site, type: 'group', name, image, remedy },
      ...(environment === undefined ? {} : { environment }),
      instances: own.filter((one) => one.image === image).map(({ id }) => id),
    }))
  })
  // Builders come and go with a build.
  const alone = running.filter(({ group, tags }) => group === null && tags['Builder'] === undefined)
  const ofNoGroup = alone.map(async ({ id, image }): Promise<Use> => ({
    ...{ site, type: 'instance', name: id, image, instances: [id] },
    remedy: `launch another one, then: ${await images.awsCliCommand(`ec2 terminate-instances --instance-ids ${id}`)}`,
  }))
  return {
    uses: [...(await Promise.all(inGroups)).flat(), ...(await Promise.all(ofNoGroup))],
    unchecked: [
      ...('type' in listed ? [{ what: `groups in ${site.title}`, why: listed.why }] : []),
      ...('type' in seen ? [{ what: `instances in ${site.title}`, why: seen.why }] : []),
      ...unchecked,
    ],
  }
}

/** The image that each group's next instance is launched from; groups of the same template share a call. */
async function imagesOf(
  groups: readonly GroupFacts[],
  { title }: Site,
  fleet: Regional['fleet'],
): Promise<{ readonly launched: ReadonlyMap<string, string>; readonly unchecked: readonly Unchecked[] }> {
  const ask = (id: string, version: string) => orUnchecked(fleet.template(id, version))
  const asked = new Map<string, ReturnType<typeof ask>>()
  const launched = new Map<string, string>()
  const unchecked: Unchecked[] = []
  await Promise.all(
    groups.map(async ({ name, launchTemplate }) => {
      if (launchTemplate === null) return
      const { id, version } = launchTemplate
      const template = asked.get(`${id} ${version}`) ?? ask(id, version)
      asked.set(`${id} ${version}`, template)
      const facts = await template
      if (facts.type === 'unchecked')
        unchecked.push({ what: `what the group ${name} in ${title} launches`, why: facts.why })
      if (facts.type === 'version' && facts.image !== undefined) launched.set(name, facts.image)
    }),
  )
  return { launched, unchecked }
}

/** An app of the riglet goes back by its own command. */
function appOf(
  group: string,
  apps: readonly StackState[],
): { readonly environment: Environment; readonly remedy: string } | undefined {
  const stack = apps.find((one) => app.facts(one).group === group)
  const environment = stack && environmentIn(stack)
  if (stack === undefined || environment === undefined) return undefined
  const { Repo: REPO = '', Branch: BRANCH = '' } = stack.parameters
  const why = isLast(environment) ? { REASON: '"..."' } : {}
  return { environment, remedy: commandOf('rollback', 'app', { ENV: environment, REPO, BRANCH, ...why }) }
}

/** Groups that follow a repository are of an environment, in whatever account they are: their tags tell. */
const environmentOfGroup = (riglet: Riglet, tags: Readonly<Record<string, string>>): Environment | undefined =>
  environments.find((environment) => carriesTags(tags, tagsOf(riglet, environment)))

const remedyByHand = async (
  riglet: Riglet,
  group: string,
  stack: string | undefined,
  aws: Ports['images']['awsCliCommand'],
): Promise<string> => {
  if (stack === undefined)
    return `give its launch template another image, then: ${await aws(`autoscaling start-instance-refresh --auto-scaling-group-name ${group}`)}`
  const environment = environments.find((name) => stack.startsWith(stackName.group(riglet, name, '')))
  return environment === undefined
    ? `update the stack ${stack} with another image`
    : `let the ref that groups.yaml names have another image, then: make follow ENV=${environment}`
}
