import type { Site } from '../distribution/sites.ts'
import type { ImageFacts } from '../image/image-facts.ts'

/** An image where it lies. */
export type Located = { readonly site: Site; readonly image: ImageFacts }

const dead = ['failed', 'invalid', 'error', 'deregistered']

/** Whether something could ever be launched from it, now or once it is there or enabled. */
export const isAlive = ({ state }: ImageFacts): boolean => !dead.includes(state)

/** An image, or one that is gone, and what it was made of. */
export type Kin = { readonly id: string; readonly parents: readonly string[] }

/**
 * What an image was copied from or made of: as EC2 remembers it, and as riglet's tags say it, which older images have alone.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-ancestry.html
 */
export const parentsOf = ({ source, tags }: Pick<ImageFacts, 'source' | 'tags'>): readonly string[] =>
  [
    ...new Set(
      [source?.id, tags['SourceImageId'], tags['CandidateImageId']].filter((id) => id !== undefined && id !== ''),
    ),
  ] as string[]

export const kinOf = (image: ImageFacts): Kin => ({ id: image.id, parents: parentsOf(image) })

type Edges = ReadonlyMap<string, readonly string[]>

/** All that can be reached from these, over however many steps, without themselves. */
function reach(from: readonly string[], edges: Edges): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [...from]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const one of edges.get(next) ?? [])
      if (!found.has(one) && !from.includes(one)) {
        found.add(one)
        open.push(one)
      }
  return found
}

/** All that was copied from these or made of them, over however many generations, without themselves. */
export function descendantsOf(roots: readonly string[], kin: readonly Kin[]): ReadonlySet<string> {
  const children = new Map<string, string[]>()
  for (const { id, parents } of kin)
    for (const parent of parents) {
      const known = children.get(parent)
      if (known === undefined) children.set(parent, [id])
      else known.push(id)
    }
  return reach(roots, children)
}

/** All that an image was copied from or made of, without itself. */
export function ancestorsIn(kin: readonly Kin[]): (id: string) => ReadonlySet<string> {
  const parents = parentsIn(kin)
  return (id) => reach([id], parents)
}

/** One image may be told of twice: by EC2, and by its tags. */
export function parentsIn(kin: readonly Kin[]): Edges {
  const parents = new Map<string, readonly string[]>()
  for (const { id, parents: own } of kin) parents.set(id, [...new Set([...(parents.get(id) ?? []), ...own])])
  return parents
}

/** A copy is the same image as its candidate: whoever means one of them means all. */
export const originOf = (id: string, images: readonly ImageFacts[]): string =>
  images.find((image) => image.id === id)?.tags['CandidateImageId'] ?? id
