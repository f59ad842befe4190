import { standing } from '../distribution/release.ts'
import type { Site } from '../distribution/sites.ts'
import type { ImageUses } from '../ports/cleaning/image-uses.ts'
import type { ParameterVersion } from '../ports/parameters.ts'
import type { Gap, Holding, Use } from './findings.ts'

type Told<Question extends keyof ImageUses> = Awaited<ReturnType<Extract<ImageUses[Question], () => unknown>>>

/** What an account holds in a region, and what uses images there, as far as it could be read. */
export type SiteLook = Holding & {
  readonly instances: Told<'instances'>
  readonly templates: Told<'templates'>
  /** CHANNEL/IMAGE/ARCHITECTURE, and what each named, the newest last. */
  readonly channels: readonly { readonly name: string; readonly history: readonly ParameterVersion[] }[]
  readonly gaps: readonly Gap[]
}

export const templateWords = ({ name, id, version }: Told<'templates'>[number], { title }: Site): string =>
  `launch template ${name} (${id}), version ${version}, in ${title}`

/** What refers to images there. */
export const usesAt = ({ site, instances, templates, channels }: SiteLook): readonly Use[] => [
  ...templates.flatMap((template): Use[] =>
    template.image === undefined ? [] : [{ image: template.image, by: `${templateWords(template, site)} uses it` }],
  ),
  ...[...Map.groupBy(instances, ({ image }) => image)].map(([image, all]): Use => {
    const others = all.length === 1 ? '' : ` and ${all.length - 1} more`
    return { image, by: `instance ${all[0]!.id}${others} in ${site.title} runs from it` }
  }),
  ...channels.flatMap(({ name, history }) => usesOfChannel(`the channel ${name} in ${site.title}`, history)),
]

/** What a channel names, and what it goes back to. */
function usesOfChannel(channel: string, history: readonly ParameterVersion[]): readonly Use[] {
  const [now, before] = standing(history).toReversed()
  return [
    ...(now === undefined ? [] : [{ image: now.id, by: `${channel} names it` }]),
    ...(before === undefined || before.id === now?.id ? [] : [{ image: before.id, by: `${channel} goes back to it` }]),
  ]
}
