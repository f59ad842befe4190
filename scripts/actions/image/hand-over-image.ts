import { exportsFile, exportsOf } from '../../core/exports.ts'
import { recoverVariables, templateConfiguration } from '../../core/image/deployment.ts'
import type { ImageFacts } from '../../core/image-facts.ts'
import { readJson, texts } from '../../core/json.ts'
import { environments, packagesKey, stackName, type Riglet, type Source } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import type { Settings } from '../../core/settings.ts'
import { decide } from '../../core/stack/decide.ts'
import { keptDigest } from '../../core/stack/kept-digest.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'
import { templateFiles, wantedApp } from '../../core/wanted-stacks.ts'
import { findOurs } from '../stack/refuse-stranger.ts'
import { settleApp } from '../stack/settle-app.ts'
import { withEarlier } from '../stack/with-earlier.ts'
import { bakeFolder } from './bake-image.ts'

export type HandOver = {
  readonly riglet: Riglet
  readonly source: Source
  readonly image: ImageFacts
  readonly baked: boolean
  readonly commitTag: string
  readonly settings: Settings
  /** Where package lists are kept; undefined where only a key was named. */
  readonly bucket: string | undefined
}

/**
 * Leaves in out/ what the pipeline's next stages read: the image, a configuration for each environment's stack, and
 * variables; and keeps the list of the image's packages where approvals find it.
 * @throws RigletError STACK_TAKEN | RULE_TAKEN before any stage deploys to what is not this source's
 */
export async function handOverImage(order: HandOver, ports: Ports): Promise<void> {
  const { riglet, source, image, commitTag, settings } = order
  const template = await ports.files.read(templateFiles.app)
  const stacks = await Promise.all(
    environments.map(async (environment) => {
      const name = stackName.app(riglet, environment, source)
      return { environment, name, state: await findOurs(name, marksOf(riglet, source, environment), ports) }
    }),
  )
  const described = { id: image.id, facts: image, commitTag }
  // What was set on a stack by hand, such as its host name or size, stays as it is.
  const kept = async (stack: WantedStack, state: StackState | undefined): Promise<WantedStack> =>
    withEarlier(stack, await decide(stack, state), ports)
  const wanted = await Promise.all(
    stacks.map(async ({ environment, state }) => {
      const { settings: own, priority } = await settleApp({ riglet, environment, source, settings, state }, ports)
      const stack = wantedApp(riglet, environment, source, template, { ...described, priority }, own)
      return { environment, stack: await kept(stack, state) }
    }),
  )
  const bucket = order.baked ? order.bucket : undefined
  await Promise.all([
    ports.files.write('out/image.json', `${JSON.stringify({ ...image, baked: order.baked }, null, 2)}\n`),
    ...wanted.map(async ({ environment, stack }) =>
      ports.files.write(`out/${environment}.json`, templateConfiguration(stack, await keptDigest(stack))),
    ),
    bucket === undefined ? undefined : keepPackages(bucket, image.id, ports),
  ])
  await ports.files.write(
    exportsFile,
    exportsOf({
      IMAGE_ID: image.id,
      VERSION: image.tags['Version'] ?? 'unknown',
      COMMIT: image.tags[commitTag] ?? 'unknown',
      ...recoverVariables(stacks, stackName.none(riglet, source)),
    }),
  )
}

const keepPackages = async (bucket: string, id: string, ports: Pick<Ports, 'buckets' | 'files'>): Promise<void> => {
  const file = `${bakeFolder}/packages.json`
  const text = await ports.files.read(file)
  await readJson(file, text, texts)
  await ports.buckets.put(bucket, packagesKey(id), text)
}
