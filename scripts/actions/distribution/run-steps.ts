import { isOfOne, isRigletError, RigletError } from '../../core/errors.ts'
import type { ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import { copyToken, type Admission, type CopyStep, type Step } from '../../core/distribution/step.ts'
import type { ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { until } from '../../core/until.ts'

export type Outcome =
  | { readonly type: 'done'; readonly plan: ReplicaPlan; readonly id: string }
  | { readonly type: 'failed'; readonly plan: ReplicaPlan; readonly why: string }

/** A copy to the far side of the world of a large image takes an hour or two. */
const copyMinutes = 180
/** An image that EC2 has just named may not be shown yet. */
const shownMinutes = 1

type Effects = Pick<Ports, 'at' | 'clock' | 'terminal'> & {
  /** Tells where a replica is; shown for as long as it lasts. */
  readonly progress: (title: string, doing: string | undefined) => void
  /** In the account of the candidate, once for all regions of another one. */
  readonly admit: (admission: Admission) => Promise<void>
}

/**
 * Does what was planned for one replica, a step after the other. What fails here is told as the outcome, so that it holds
 * nothing back elsewhere (B02); Ctrl-C and bugs are thrown.
 */
export async function runSteps(plan: ReplicaPlan, effects: Effects): Promise<Outcome> {
  const { replica, steps } = plan
  const title = titleOf(plan)
  const there = effects.at(replica.place.target)
  let id = plan.held?.id
  try {
    for (const step of steps) id = await run(step, id, title, there, effects)
    if (id === undefined) throw new Error(`${title}: steps that name no image`)
    return { type: 'done', plan, id }
  } catch (error) {
    if (!isOfOne(error)) throw error
    effects.terminal.say(`! ${title}: ${error.message}`)
    return { type: 'failed', plan, why: error.message }
  } finally {
    effects.progress(title, undefined)
  }
}

/** `eu-west-1 arm64`: an image may be made for several architectures. */
export const titleOf = ({ replica: { image, place, candidate } }: ReplicaPlan): string =>
  image.architectures.length > 1 ? `${place.title} ${candidate.architecture}` : place.title

/** Answers the id of the image that the next steps are about. */
async function run(
  step: Step,
  id: string | undefined,
  title: string,
  there: Regional,
  effects: Effects,
): Promise<string | undefined> {
  const { publishing } = there
  const say = (what: string): void => effects.terminal.say(`  ${title}: ${what}`)
  switch (step.type) {
    case 'admit':
      await effects.admit(step)
      return id
    case 'discard': {
      const [failed] = await there.images.describe([step.id])
      if (failed !== undefined) await there.images.remove(failed)
      say(`removed ${step.id}, which had failed: ${step.why}`)
      return undefined
    }
    case 'copy':
      return copy(step, title, there, effects)
    case 'await':
      await untilAvailable(step.id, title, there, effects)
      say(`${step.id} is available`)
      return step.id
    case 'enable':
      await publishing.enable(id!)
      await until(effects.clock, () => there.images.describe([id!]), {
        done: ([found]) => found?.state === 'available',
        pause: 2000,
        minutes: shownMinutes,
      })
      say(`${id} can be launched again`)
      return id
    case 'tag':
      await publishing.tag([id!], step.tags)
      return id
    case 'protect':
      await publishing.protect(id!)
      return id
    case 'deprecate':
      await publishing.deprecate(id!, step.at)
      return id
    case 'share':
      await publishing.share(id!, step.with)
      say(`${id} is shared with ${step.with.join(', ')}`)
      return id
    case 'open':
      await publishing.makePublic(id!)
      say(`${id} is public`)
      return id
  }
}

async function copy(step: CopyStep, title: string, there: Regional, effects: Effects): Promise<string> {
  for (const again of [0, 1]) {
    const id = await ask(step, copyToken(step, title, again), there)
    effects.terminal.say(`  ${title}: copying ${step.source.id} as ${id}`)
    const shown = await until(effects.clock, () => there.images.describe([id]), {
      done: (found) => found.length > 0,
      pause: 2000,
      minutes: shownMinutes,
    })
    // The same token gives the same id for some time, even if that image was deregistered meanwhile.
    if (shown.length === 0) continue
    await untilAvailable(id, title, there, effects)
    effects.terminal.say(`  ${title}: ${id} is available`)
    return id
  }
  throw new RigletError('IMAGE', `what AWS named as the copy of ${step.source.id} does not show`, 'Run it again.')
}

/** Whoever was first: another run may have asked meanwhile, or the reply to this one got lost. The name tells. */
async function ask({ name, source, tags, key }: CopyStep, token: string, there: Regional): Promise<string> {
  try {
    return await there.publishing.copy({ name, source, tags, key, token })
  } catch (error) {
    if (!isRigletError(error, 'AWS_REFUSED', 'ENDPOINT_DOWN')) throw error
    const [found] = await there.images.named([name])
    if (found?.tags['CandidateImageId'] !== source.id || !['pending', 'available'].includes(found.state)) throw error
    return found.id
  }
}

async function untilAvailable(id: string, title: string, there: Regional, effects: Effects): Promise<void> {
  const describe = async (): Promise<ImageFacts | undefined> => (await there.images.describe([id]))[0]
  const began = effects.clock.now().getTime()
  const found = await until(effects.clock, describe, {
    done: (image) => image?.state !== 'pending',
    pause: { least: 2000, most: 15_000 },
    minutes: copyMinutes,
    meanwhile: () =>
      effects.progress(title, `${id} is being copied, ${Math.round((effects.clock.now().getTime() - began) / 1000)} s`),
  })
  if (found?.state === 'available') return
  const state = found === undefined ? 'gone' : found.state
  const why = found?.reason === undefined ? '' : `: ${found.reason}`
  throw new RigletError(
    'IMAGE',
    state === 'pending' ? `${id} is still being copied after ${copyMinutes} minutes` : `${id} is ${state}${why}`,
    'Run it again: it goes on where it ended.',
  )
}
