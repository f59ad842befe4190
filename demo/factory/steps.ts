import { RigletError } from '../../scripts/core/errors.ts'
import { manifestFile } from '../../scripts/core/manifest/manifest.ts'
import { commitAll, commitVersion, runGit } from '../source.ts'
import { point, type Baked, type Factory } from './factory.ts'
import { channel, consumerRepository, failing } from './places.ts'
import { visitGroups } from './visit.ts'

export const steps = /^ {2}\d{12} \S+ +(?:done|unchanged|failed)/
const taken = /^ {2}(?:stage|live) \d/

/** An image of its own pipeline: what a run finds of earlier ones it finds by REPO, so two of them get along. */
export const of = (image: string): readonly string[] => [
  `IMAGE=${image}`,
  ...(image === 'web' ? [] : [`REPO=${image}`]),
]

export async function bake(image: string, version: string, factory: Factory): Promise<void> {
  const commit = await runGit(factory.ports, ['rev-parse', 'HEAD'])
  const id = (
    await factory.tools.make(['bake', ...of(image)], { says: [/^Baked /m], shows: /^(?:Baking|Baked|ami-)/ })
  ).trim()
  factory.baked.set(`${image} ${version}`, { id, commit })
}

/** @throws RigletError IMAGE where it was not baked */
export function bakedOf(image: string, version: string, { baked }: Factory): Baked {
  const found = baked.get(`${image} ${version}`)
  if (found === undefined) throw new RigletError('IMAGE', `${image} ${version} was not baked.`)
  return found
}

export const verify = (image: string, version: string, factory: Factory) =>
  factory.tools.make(['verify', ...of(image), `IMAGE_ID=${bakedOf(image, version, factory).id}`], {
    says: [/ passed, 0 failed$/m],
    shows: /passed, /,
  })

export const replicate = (image: string, version: string, factory: Factory) =>
  factory.tools.make(['replicate', `IMAGE=${image}`, `IMAGE_ID=${bakedOf(image, version, factory).id}`], {
    shows: steps,
  })

/** Publishes it and commits what it wrote; one image after the other, for they share the manifest. */
export async function publish(images: readonly string[], version: string, factory: Factory): Promise<void> {
  for (const image of images)
    await factory.tools.make(['publish', `IMAGE=${image}`, `IMAGE_ID=${bakedOf(image, version, factory).id}`], {
      says: [new RegExp(`^Wrote ${manifestFile}`, 'm')],
      shows: /^(?: {2}\d{12} \S+ +done|Wrote)/,
    })
  await commitAll(`Publish ${version}`, factory.ports)
}

/** Tags the copies where they are run, says in git what the groups are to run, and moves them. */
export async function follow(version: string, factory: Factory): Promise<void> {
  await factory.tools.make(['share'], { shows: taken })
  await point(factory, bakedOf('web', version, factory).commit)
  await move(version, factory)
}

export async function move(version: string, factory: Factory): Promise<void> {
  await factory.tools.make(['follow'], { shows: /^ {6}(?:created|moved)|^ {4}(?:staging|production)/ })
  await visitGroups(factory, version)
}

export async function release(version: string, factory: Factory): Promise<void> {
  await runGit(factory.ports, ['tag', `v${version}`])
  factory.tools.say(`\n$ git tag v${version}`)
  await factory.tools.make(['promote', 'IMAGE=web', `CHANNEL=${channel}`], {
    says: [new RegExp(`^  \\d+ ${failing} +done +ami-`, 'm')],
    shows: /^(?:web|stable| {2}\d+ \S+ +done)/,
  })
}

export async function propose({ tools, ports }: Factory): Promise<void> {
  await tools.make(['document'], {
    says: [/ {2}\+ branch riglet\/demo-shop|riglet\/demo-shop says/],
    shows: /riglet\/demo-shop/,
  })
  const diff = await runGit(ports, ['diff', '--stat', 'main...riglet/demo-shop'], consumerRepository)
  tools.say(`\n$ git diff --stat main...riglet/demo-shop\n${diff}`)
}

/** A version from its commit to a candidate that passed its checks. */
export async function make(version: string, factory: Factory): Promise<void> {
  await commitVersion(version, factory.ports)
  await bake('web', version, factory)
  await verify('web', version, factory)
}
