import { noSuchArchitecture, noSuchRegion, noSuchUseCase, severalArchitectures } from './errors.ts'
import type { Entry, Manifest } from './manifest.ts'

export type Question = {
  /** A use case as it is called now, or was once. */
  readonly image: string
  readonly region: string
  /** undefined: there is only one. */
  readonly architecture?: string | undefined
}

/** What people, and other systems, call them. */
const otherWords: Readonly<Record<string, string>> = { amd64: 'x86_64', 'x86-64': 'x86_64', aarch64: 'arm64' }

export const architectureOf = (word: string): string => otherWords[word] ?? word

/**
 * The published AMI that a consumer asks for (G34). `aliases`: old name -> the image that it is now. A manifest may still
 * have an image under its old name.
 * @throws RigletError NOT_FOUND, naming what there is
 */
export function findImage(
  { image, region, architecture }: Question,
  manifest: Manifest,
  aliases: Readonly<Record<string, string>>,
  file: string,
): Entry {
  const useCase = useCaseOf(image, manifest, aliases, file)
  const regions = manifest[useCase]!
  const entries = Object.hasOwn(regions, region) ? regions[region]! : []
  if (entries.length === 0) throw noSuchRegion(useCase, region, Object.keys(regions), file)
  return chooseArchitecture({ image: useCase, region, architecture }, entries, file)
}

/**
 * What the manifest calls an image: as it is called now, or by an older name.
 * @throws RigletError NOT_FOUND, naming what there is
 */
export function useCaseOf(
  image: string,
  manifest: Manifest,
  aliases: Readonly<Record<string, string>>,
  file: string,
): string {
  const now = aliases[image] ?? image
  const names = [image, now, ...Object.keys(aliases).filter((alias) => aliases[alias] === now)]
  const useCase = names.find((name) => Object.hasOwn(manifest, name))
  if (useCase === undefined) throw noSuchUseCase(image, Object.keys(manifest), aliases, file)
  return useCase
}

/**
 * The one that is asked for of those in a region, at least one. `where`: the file, or the channel, that has them.
 * @throws RigletError NOT_FOUND, naming what there is
 */
export function chooseArchitecture<One extends { readonly architecture: string }>(
  { image, region, architecture }: Question,
  entries: readonly One[],
  where: string,
): One {
  const there = entries.map((entry) => entry.architecture)
  if (architecture === undefined) {
    if (entries.length > 1) throw severalArchitectures(image, region, there)
    return entries[0]!
  }
  const found = entries.find((entry) => entry.architecture === architectureOf(architecture))
  if (found === undefined) throw noSuchArchitecture(image, region, architecture, there, where)
  return found
}
