import { wrongRigletName } from '../../core/riglet/errors.ts'
import type { Inventory } from '../../core/riglet/inventory.ts'
import { deletionWaves } from '../../core/layers/deletion-order.ts'
import { jobs } from '../../core/layers/jobs.ts'
import { layerOf, ofLayer } from '../../core/layers/layers.ts'
import { rigletName, tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports, Regional } from '../../core/ports/ports.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import type { StackState } from '../../core/stack/state.ts'
import { renderInventory } from '../../view/riglet.ts'
import { plural } from '../../view/text.ts'
import { deleteStacks, refuseProtected } from '../../engine/delete-stacks.ts'
import { isProductions } from '../../core/layers/protection.ts'
import { liftProtection } from '../../engine/protect.ts'
import { endBuilders } from '../image/end-builders.ts'
import { stopPipelines } from '../pipeline/stop-pipelines.ts'
import { stacksOf, takeInventory } from './take-inventory.ts'

const commands = { status: 'make status' }

/**
 * Shows everything that the riglet has in every region, wants its name typed, and deletes it. Run again, it goes on.
 * @throws RigletError NOT_CONFIRMED | STACK_PROTECTED before anything is deleted | STACK_FAILED
 */
export async function deleteRiglet(settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>, ports: Ports): Promise<void> {
  const { terminal } = ports
  const riglet = rigletOf(settings)
  const name = rigletName(riglet)
  terminal.say(`Looking for ${name} in every region...`)
  const inventories = await takeInventory(riglet, settings.REGION, ports)
  if (inventories.length === 0) {
    terminal.show(`${name}: there is nothing to delete`)
    return
  }
  // Production's protection is ours, and its riglet's name lifts it; somebody else's stays.
  for (const { region, stacks } of inventories)
    await refuseProtected(
      stacks.filter((state) => !isProductions(state)),
      ports.at({ region }),
    )

  terminal.show(renderInventory(name, inventories))
  const typed = settings.RIGLET ?? (await terminal.ask(`Type ${name} to delete all of it:`))
  if (typed !== name) throw wrongRigletName(name)

  for (const { region, stacks } of inventories) await liftProtection(stacks.filter(isProductions), ports.at({ region }))
  for (const inventory of inventories) await deleteRegion(riglet, inventory, ports)
  terminal.show(`${name}: deleted`)
}

async function deleteRegion(riglet: Riglet, inventory: Inventory, ports: Ports): Promise<void> {
  const here: Ports = { ...ports, ...ports.at({ region: inventory.region }) }
  const pipelines = ofLayer('pipeline', inventory.stacks)
  const publications = ofLayer('publication', inventory.stacks)
  await stopPipelines([...publications, ...pipelines, ...ofLayer('jobs', inventory.stacks)], here)
  await emptyBuckets(publications, here)
  if (publications.length > 0) await deleteStacks(publications, { commands }, here)
  if (pipelines.length > 0) await deleteStacks(pipelines, { commands }, here)
  // From here on nothing of the riglet makes a machine or a stack: what it made while the name was typed is seen now.
  await endBuilders(riglet, here)
  const left = await stacksOf(riglet, here.stacks)
  for (const wave of deletionWaves(left.filter((state) => layerOf(state) !== 'artifacts'))) {
    await emptyBuckets(wave, here)
    await deleteStacks(wave, { commands }, here)
  }
  // Images are locked with the key that the artifacts have: those go when no image is left.
  await deleteImages(riglet, here)
  // The names of a riglet's buckets begin with its owner's, whatever joins the rest.
  const prefix = `${riglet.owner}-`
  for (const bucket of await here.buckets.find(prefix, tagsOf(riglet))) {
    const count = await here.buckets.empty(bucket)
    here.terminal.say(`${bucket}: ${plural(count, 'version')} deleted`)
  }
  const artifacts = ofLayer('artifacts', left)
  if (artifacts.length > 0) await deleteStacks(artifacts, { commands }, here)
  for (const bucket of await here.buckets.find(prefix, tagsOf(riglet))) {
    await here.buckets.empty(bucket)
    await here.buckets.remove(bucket)
    here.terminal.say(`${bucket}: deleted`)
  }
  await here.parameters.remove(inventory.parameters)
}

/** A pipeline's own bucket goes with its jobs, and a publication's with it, once it is empty. */
async function emptyBuckets(wave: readonly StackState[], { buckets, terminal }: Ports): Promise<void> {
  for (const bucket of wave.flatMap((state) => jobs.facts(state).bucket ?? [])) {
    const count = await buckets.empty(bucket)
    terminal.say(`${bucket}: ${plural(count, 'version')} deleted`)
  }
}

/** Machines that are left, images with their snapshots, and snapshots that lost their image. */
async function deleteImages(
  riglet: Riglet,
  { images, terminal }: Pick<Regional, 'images'> & Pick<Ports, 'terminal'>,
): Promise<void> {
  const tags = tagsOf(riglet)
  await images.terminate(await images.instances(tags))
  for (const image of await images.owned(tags)) {
    await images.remove(image)
    terminal.say(`${image.id} ${image.name}: deleted`)
  }
  for (const snapshot of await images.orphaned(tags)) await images.removeSnapshot(snapshot)
}
