import { templateWords, type SiteLook } from '../../cleaning/uses.ts'
import type { Site } from '../../distribution/sites.ts'
import { imagesPart, type Finding } from '../report.ts'

/** A group, and the image that its launch template version names. */
export type GroupImage = { readonly site: Site; readonly name: string; readonly image: string }

export type KnownImages = {
  /** Made by this riglet, as EC2's tags say. */
  readonly isOurs: (id: string) => boolean
  /** A manifest names it, of whatever tag. */
  readonly isPublished: (id: string) => boolean
  /** A pipeline made it, or a stack is deployed with it. */
  readonly isOfPipeline: (id: string) => boolean
}

/**
 * Channels that name what no manifest has, and launch templates, groups and instances on images of the riglet that neither
 * a manifest nor a pipeline knows (B07). What others run on images of their own is their business.
 */
export function userFindings(
  looks: readonly SiteLook[],
  groups: readonly GroupImage[],
  { isOurs, isPublished, isOfPipeline }: KnownImages,
): { readonly checked: number; readonly findings: readonly Finding[] } {
  const isStrange = (id: string | undefined): id is string =>
    id !== undefined && isOurs(id) && !isPublished(id) && !isOfPipeline(id)
  const strange = (subject: string, image: string): Finding => ({
    type: 'drifted',
    environment: imagesPart,
    subject,
    what: 'uses an image of this riglet that no manifest names and no pipeline made',
    expected: 'an image of a manifest or a pipeline',
    actual: image,
  })
  const findings = looks.flatMap(({ site, instances, templates, channels }): Finding[] => [
    ...channels.flatMap(({ name, history }): Finding[] => {
      const image = history.at(-1)?.value
      if (image === undefined || isPublished(image)) return []
      return [
        {
          type: 'drifted',
          environment: imagesPart,
          subject: `channel ${name} in ${site.title}`,
          what: 'names an image that no manifest has',
          expected: 'an image of a manifest',
          actual: image,
        },
      ]
    }),
    ...templates.flatMap((one) => (isStrange(one.image) ? [strange(templateWords(one, site), one.image)] : [])),
    // Those of a builder come and go with a build.
    ...instances.flatMap(({ id, image, tags }) =>
      isStrange(image) && tags['Builder'] === undefined ? [strange(`instance ${id} in ${site.title}`, image)] : [],
    ),
  ])
  const ofGroups = groups.flatMap(({ site, name, image }) =>
    isStrange(image) ? [strange(`group ${name} in ${site.title}`, image)] : [],
  )
  const seen = looks.reduce(
    (sum, { instances, templates, channels }) => sum + instances.length + templates.length + channels.length,
    groups.length,
  )
  return { checked: seen, findings: [...findings, ...ofGroups] }
}
