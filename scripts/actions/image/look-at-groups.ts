import { templateHindrances, type Hindrance, type TemplateFacts } from '../../core/image/launch.ts'
import { app } from '../../core/layers/app.ts'
import type { GroupFacts } from '../../core/ports/fleet.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orWhy, type Answered } from '../../engine/of-many.ts'
import { lookAtImages, type Looked, type Manner } from './look-at-images.ts'

/** What an app's group would launch its next instance from, and what stands in the way of that. */
export type GroupLook = {
  readonly facts: GroupFacts | undefined
  /** The image of the launch template version that the group uses; null when it could not be told. */
  readonly image: string | null
  /** That the launch template as a whole is gone, which no update mends. */
  readonly lost: readonly Hindrance[]
  /** Of the launch template alone. */
  readonly template: readonly Hindrance[]
  /** Of the launch template and its image; of the image that the stack names, where that is all there is. */
  readonly hindrances: readonly Hindrance[]
}

export type LookPorts = Pick<Ports, 'fleet' | 'images' | 'keys'>

/**
 * Looks at the groups of all these app stacks at once: one call for the groups, one for each launch template, then as
 * few as `lookAtImages` needs. `more`: images that are asked about on the way.
 */
export async function lookAtGroups(
  apps: readonly StackState[],
  ports: LookPorts,
  { more = [], ...manner }: Manner & { readonly more?: readonly string[] } = {},
): Promise<{ readonly groupOf: (stack: string) => GroupLook; readonly images: Looked }> {
  const names = apps.flatMap((one) => app.facts(one).group || [])
  const groups = names.length === 0 ? nobody : await orWhy(ports.fleet.groups(names))
  const found = groups.type === 'answered' ? groups.answer : []
  const templates = new Map(
    await Promise.all(found.map(async (facts) => [facts.name, await templateOf(facts, ports)] as const)),
  )
  const imagesIn = [...templates.values()].flatMap((one) => (one?.type === 'answered' ? imageIn(one.answer) : []))
  const stackImages = apps.flatMap((one) => app.facts(one).image || [])
  const images = await lookAtImages([...stackImages, ...imagesIn, ...more], ports, manner)
  const byStack = new Map(apps.map((one) => [one.name, lookAt(one, groups, templates, images)]))
  return { groupOf: (stack) => byStack.get(stack) ?? unknown, images }
}

const nobody: Answered<readonly GroupFacts[]> = { type: 'answered', answer: [] }
const unknown: GroupLook = { facts: undefined, image: null, lost: [], template: [], hindrances: [] }

const imageIn = (facts: TemplateFacts): string[] =>
  facts.type === 'version' && facts.image !== undefined ? [facts.image] : []

const templateOf = async (
  { launchTemplate }: GroupFacts,
  { fleet }: Pick<Ports, 'fleet'>,
): Promise<Answered<TemplateFacts> | undefined> =>
  launchTemplate === null ? undefined : orWhy(fleet.template(launchTemplate.id, launchTemplate.version))

const unread = (why: string | undefined): Hindrance => ({
  type: 'unchecked',
  why: `its launch template could not be read${why === undefined ? '' : `: ${why}`}`,
})

function lookAt(
  stack: StackState,
  groups: Answered<readonly GroupFacts[]>,
  templates: ReadonlyMap<string, Answered<TemplateFacts> | undefined>,
  images: Looked,
): GroupLook {
  const { group, image: ofStack } = app.facts(stack)
  const facts = groups.type === 'answered' ? groups.answer.find(({ name }) => name === group) : undefined
  const template = facts && templates.get(facts.name)
  const answer = template?.type === 'answered' ? template.answer : undefined
  const image = answer === undefined ? undefined : imageIn(answer)[0]
  const { id, version } = facts?.launchTemplate ?? { id: '', version: '' }
  const refusal = groups.type === 'refused' ? groups.why : template?.type === 'refused' ? template.why : undefined
  const named = image ?? ofStack
  const ofTemplate = answer !== undefined ? templateHindrances(id, version, answer) : group ? [unread(refusal)] : []
  return {
    facts,
    image: image ?? null,
    lost: answer?.type === 'no template' ? templateHindrances(id, version, answer) : [],
    template: ofTemplate,
    hindrances: [...ofTemplate, ...(named ? images.hindrancesOf(named) : [])],
  }
}
