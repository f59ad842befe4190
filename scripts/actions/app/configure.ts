import { notOurs, unusable } from '../../core/image/errors.ts'
import { exportsFile, exportsOf } from '../../core/exports.ts'
import { recoverVariables, templateConfiguration } from '../../core/image/deployment.ts'
import { builtFor } from '../../core/image/order.ts'
import { commitOf, describeImage, type ImageFacts } from '../../core/image/image-facts.ts'
import { app } from '../../core/layers/app.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { environments, stackName } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { imageRevoked } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import { commitTagOf, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { decide } from '../../core/stack/decide/decide.ts'
import { keptDigest } from '../../core/stack/decide/kept-digest.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import { environmentsIn } from '../environment/environments-in.ts'
import { settleApp } from './settle-app.ts'
import { withEarlier } from '../../engine/with-earlier.ts'

type Configured = Settings<'OWNER' | 'PROJECT' | 'REPO' | 'BRANCH' | 'IMAGE_ID'>

/**
 * `make configure`: looks at the candidate that Bake named, and leaves in out/ how each environment's stack is to run it.
 * Bake runs what a commit brings with it, so what it says is not believed: the image must be there, be this pipeline's
 * own by the tag that IAM forces, and say itself what it is.
 * @throws RigletError IMAGE | SETTINGS | STACK_TAKEN | RULE_TAKEN
 */
export async function configure(settings: Configured, ports: Ports): Promise<void> {
  const [riglet, source, commitTag] = [rigletOf(settings), sourceOf(settings), commitTagOf(settings)]
  const image = await ownImage(settings, ports)
  const [template, said] = await Promise.all([ports.files.read(app.template), environmentsIn(ports)])
  const stacks = await Promise.all(
    environments.map(async (environment) => {
      const name = stackName.app(riglet, environment, source)
      return { environment, name, state: await findOurs(name, marksOf(riglet, source, environment), ports) }
    }),
  )
  // What was set on a stack by hand, such as its host name or size, stays as it is.
  const described = { id: image.id, facts: image, commitTag }
  await Promise.all(
    stacks.map(async ({ environment, state }) => {
      const { settings: own, priority } = await settleApp({ riglet, environment, source, settings, state, said }, ports)
      const run = { ...described, priority }
      const asked = desiredStack(app, { riglet, environment, source, run }, template, own)
      const desired = await withEarlier(asked, await decide(asked, state), ports)
      await ports.files.write(`out/${environment}.json`, templateConfiguration(desired, await keptDigest(desired)))
    }),
  )
  await ports.files.write(
    exportsFile,
    exportsOf({
      IMAGE_ID: image.id,
      VERSION: image.tags['Version'] ?? 'unknown',
      COMMIT: commitOf(image.tags, commitTag) ?? 'unknown',
      ...recoverVariables(stacks, stackName.none(riglet, source)),
    }),
  )
  ports.terminal.say(`${describeImage(image.id, image, commitTag)} is to run in ${environments.join(', ')}`)
}

async function ownImage(settings: Configured, { images }: Pick<Ports, 'images'>): Promise<ImageFacts> {
  const [image] = await images.describe([settings.IMAGE_ID])
  if (image?.state !== 'available') throw unusable(settings.IMAGE_ID, image)
  const revocation = revocationOf(image.tags)
  if (revocation !== undefined)
    throw imageRevoked(image.id, revocation, 'Bake another one: make retry-pipeline, or push a mended commit.')
  const desired = { Owner: settings.OWNER, Project: settings.PROJECT, BuiltFor: builtFor('pipeline', settings) }
  const [wrong] = Object.entries(desired).filter(([name, value]) => image.tags[name] !== value)
  if (wrong !== undefined) throw notOurs(image.id, wrong[0], image.tags[wrong[0]], wrong[1])
  return image
}
