import { imageHindrances, keyGone, uncertain, type Hindrance, type KeyFacts } from '../../core/image/launch.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { orWhy } from '../../engine/of-many.ts'

export type Looked = {
  /** undefined: there is none, or we may not see it. */
  readonly factsOf: (id: string) => ImageFacts | undefined
  /** What stands in the way of launching from it; an image that was not asked about has nothing to say. */
  readonly hindrancesOf: (id: string) => readonly Hindrance[]
}

/** `strict`: who builds on the images cannot do without their facts, so a refusal to tell them is thrown. */
export type Manner = { readonly strict?: boolean }

/**
 * Asks whether instances can be launched from images: for all of them one call for the images, one for the snapshots of
 * those that are encrypted, and one for each key. What may not be asked is unchecked, never fine.
 */
export async function lookAtImages(
  ids: readonly string[],
  ports: Pick<Ports, 'images' | 'keys'>,
  { strict = false }: Manner = {},
): Promise<Looked> {
  const desired = [...new Set(ids)].filter((id) => /^ami-[0-9a-z]+$/.test(id))
  const describing = desired.length === 0 ? Promise.resolve([]) : ports.images.describe(desired)
  const asked = strict ? ({ type: 'answered', answer: await describing } as const) : await orWhy(describing)
  const images = asked.type === 'answered' ? asked.answer : []
  const encrypted = images.filter(({ state }) => state === 'available').flatMap((image) => image.encrypted ?? [])
  const keyOf = await keysOf([...new Set(encrypted)], ports)
  const factsOf = (id: string): ImageFacts | undefined => images.find((image) => image.id === id)
  const hindrancesOf = (id: string): readonly Hindrance[] => {
    if (!desired.includes(id)) return [{ type: 'unchecked', why: `its image is ${id}, which is not the id of one` }]
    if (asked.type === 'refused') return [{ type: 'unchecked', why: `its image ${id}: ${asked.why}` }]
    return imageHindrances(id, factsOf(id), keyOf)
  }
  return { factsOf, hindrancesOf }
}

async function keysOf(
  snapshots: readonly string[],
  { images, keys }: Pick<Ports, 'images' | 'keys'>,
): Promise<(snapshot: string) => KeyFacts> {
  if (snapshots.length === 0) return () => ({ type: 'unknown', why: 'it was not asked for' })
  const asked = await orWhy(images.snapshotKeys(snapshots))
  if (asked.type === 'refused') return () => ({ type: 'unknown', why: asked.why })
  const states = new Map(
    await Promise.all(
      [...new Set(asked.answer.values())].map(async (key) => [key, await orWhy(stateOf(key, keys))] as const),
    ),
  )
  return (snapshot) => {
    const key = asked.answer.get(snapshot)
    if (key === undefined) return { type: 'unknown', why: `its snapshot ${snapshot} is not shown to this account` }
    const state = states.get(key)!
    return state.type === 'refused' ? { type: 'unknown', why: state.why } : { type: 'known', key, state: state.answer }
  }
}

const stateOf = async (key: string, keys: Ports['keys']): Promise<string> => (await keys.find(key))?.state ?? keyGone

/** Tells what could not be asked, each reason a line: `Not checked whether ami-1 can be launched: ...`. */
export const sayUnchecked = (
  what: string,
  hindrances: readonly Hindrance[],
  { terminal }: Pick<Ports, 'terminal'>,
): void => uncertain(hindrances).forEach((why) => terminal.say(`Not checked whether ${what}: ${why}`))
