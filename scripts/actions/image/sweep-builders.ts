import { sweepUnfinished } from '../../core/image/errors.ts'
import { finishedTag, halfMade, namesOf, type Leftovers } from '../../core/image/leftovers.ts'
import { builtFor } from '../../core/image/order.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { until } from '../../core/until.ts'

export const builders = ['bake', 'verify'] as const
export type Builder = (typeof builders)[number]
type Tags = Readonly<Record<string, string>>
type Named = { readonly OWNER: string; readonly PROJECT: string }

/** An image in the making may be refused its end for as long as its snapshot has not begun. */
const patienceMinutes = 10

/**
 * Tags of what one job makes for its own time. A build that was killed leaves that behind: StopBuild promises no
 * `finally`. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
 */
export const builderTags = (settings: Named, builder: Builder, who: string): Tags => ({
  Owner: settings.OWNER,
  Project: settings.PROJECT,
  Builder: builder,
  BuiltFor: who,
})

async function findLeftovers(tags: Tags, images: Ports['images']): Promise<Leftovers> {
  const [machines, keys, owned, snapshots] = await Promise.all([
    images.instances(tags),
    images.keyPairs(tags),
    images.owned(tags),
    images.orphaned(tags, finishedTag),
  ])
  return { machines, keys, images: halfMade(owned), snapshots }
}

/** Machines first: an image in the making needs its machine no more, and a key is of no use without one. */
async function removeLeftovers(left: Leftovers, images: Ports['images']): Promise<void> {
  await images.terminate(left.machines)
  for (const key of left.keys) await images.removeKeyPair(key)
  for (const image of left.images) await images.remove(image)
  for (const snapshot of left.snapshots) await images.removeSnapshot(snapshot)
}

/** Removes what an earlier run of the same job left; says so. */
export async function sweepBuilders(tags: Tags, ports: Pick<Ports, 'images' | 'terminal'>): Promise<void> {
  const left = await findLeftovers(tags, ports.images)
  const names = namesOf(left)
  if (names.length === 0) return
  ports.terminal.say(`An earlier ${tags['Builder']} left ${names.join(', ')}: removing`)
  await removeLeftovers(left, ports.images)
}

/**
 * `make sweep BUILD=...`: what one build left that has ended, until nothing more shows: a snapshot may appear after its
 * image is gone. Nobody is asked, because nothing works on it any more.
 * @throws RigletError WAIT_TOO_LONG
 */
async function sweepBuild(
  settings: Named & { readonly BUILD: string },
  { images, terminal, clock }: Pick<Ports, 'images' | 'terminal' | 'clock'>,
): Promise<void> {
  const tags = { Owner: settings.OWNER, Project: settings.PROJECT, Build: settings.BUILD }
  let removed = false
  await until(clock, () => findLeftovers(tags, images), {
    done: (left) => namesOf(left).length === 0,
    pause: 3000,
    minutes: patienceMinutes,
    meanwhile: async (left) => {
      terminal.say(`Removing what the build left: ${namesOf(left).join(', ')}`)
      await removeLeftovers(left, images)
      removed = true
    },
    tooLate: (left) => sweepUnfinished(namesOf(left), patienceMinutes),
  })
  terminal.say(removed ? 'Nothing is left.' : 'The build left nothing behind.')
}

/**
 * `make sweep`: what bakes and verifications of a branch left behind, by hand or in its pipeline. Whether one of them
 * is still at work only a person can tell, so it asks.
 */
export async function sweepAll(
  settings: Named & { readonly REPO: string; readonly BRANCH: string; readonly BUILD?: string },
  ports: Pick<Ports, 'images' | 'terminal' | 'clock'>,
): Promise<void> {
  if (settings.BUILD !== undefined) return sweepBuild({ ...settings, BUILD: settings.BUILD }, ports)
  const found: Leftovers[] = []
  for (const builder of builders)
    for (const who of ['hand', 'pipeline']) {
      const tags = builderTags(settings, builder, builtFor(who, settings))
      const left = await findLeftovers(tags, ports.images)
      found.push(left)
      for (const name of namesOf(left)) ports.terminal.say(`${name}  ${builder}, ${tags['BuiltFor']}`)
    }
  const names = found.flatMap(namesOf)
  if (names.length === 0) return ports.terminal.say('Nothing was left behind.')
  const them = names.length === 1 ? 'this' : `these ${names.length}`
  if (!(await ports.terminal.confirm(`Remove ${them}? A build that still uses one fails.`))) return
  for (const left of found) await removeLeftovers(left, ports.images)
  ports.terminal.say(`Removing ${names.join(', ')}`)
}
