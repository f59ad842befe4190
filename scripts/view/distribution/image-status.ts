import type { Age } from '../../core/lineage/ages.ts'
import type { Origin } from '../../core/lineage/origins.ts'
import type { ChannelUse, Unchecked, Use } from '../../core/lineage/uses.ts'
import { revocationWords } from '../../core/revocation/revocation.ts'
import { paint, plural, table, wrap } from '../text.ts'

export type ImageStatus = {
  /** The newest first. */
  readonly origins: readonly Origin[]
  readonly uses: readonly Use[]
  readonly channels: readonly ChannelUse[]
  readonly ages: readonly Age[]
  readonly unchecked: readonly Unchecked[]
  readonly now: Date
}
type Screen = { readonly columns: number; readonly colour: boolean }

/** An image with what runs it and names it. */
type Line = { readonly origin: Origin; readonly uses: readonly Use[]; readonly channels: readonly ChannelUse[] }

function linesOf({ origins, uses, channels }: ImageStatus): readonly Line[] {
  const ofImage = Map.groupBy(uses, ({ image }) => image)
  const inChannel = Map.groupBy(channels, ({ id }) => id)
  return origins.map((origin) => {
    const ids = [...origin.copies, ...origin.derived].map(({ id }) => id)
    return {
      origin,
      uses: ids.flatMap((id) => ofImage.get(id) ?? []),
      channels: ids.flatMap((id) => inChannel.get(id) ?? []),
    }
  })
}

/** Older candidates that nothing uses are many, and say little. */
const matters = ({ origin, uses, channels }: Line, isNewest: boolean): boolean =>
  isNewest || uses.length > 0 || channels.length > 0 || origin.copies.some(({ published }) => published)

const days = (created: string, now: Date): number => Math.floor((now.getTime() - Date.parse(created)) / 86_400_000)

function renderLine({ origin, uses, channels }: Line, now: Date, { columns, colour }: Screen): readonly string[] {
  const { id, image, version, commit, architecture, base, created, revocation, copies, derived } = origin
  const facts = [version, commit.slice(0, 7), architecture].filter((word) => word !== '').join(', ')
  const rows = [
    ...copies.map((copy) => [
      copy.site.title,
      copy.id,
      copy.published ? 'published' : copy.id === id ? 'candidate' : 'copy',
    ]),
    ...derived.map((one) => [one.site.title, one.id, 'made of it']),
    ...channels.map((one) => [one.site.title, one.id, `channel ${one.channel}`]),
    ...uses.map((use) => [
      use.site.title,
      use.image,
      `${use.environment ?? use.type} ${use.name}, ${plural(use.instances.length, 'instance')}`,
    ]),
  ]
  const gone = copies.some((copy) => copy.id === id) ? '' : ', which is gone'
  return [
    `${image} ${id} (${facts})`,
    `  made ${created.slice(0, 10)}, ${plural(days(created, now), 'day')} ago${base === '' ? '' : `, on ${base}`}${gone}`,
    ...(revocation === undefined
      ? []
      : wrap(`REVOKED ${revocationWords(revocation, id)}`, columns - 3).map(
          (line) => `  ${paint(line, 'danger', colour)}`,
        )),
    ...table(rows).map((row) => `  ${row}`),
  ]
}

function renderAge({ where, objective, worst, passed }: Age, { colour }: Screen): string {
  const aim = objective === null ? 'no objective' : `objective ${plural(objective, 'day')}`
  if (worst === undefined) return `  ${where}: nothing of known age runs; ${aim}`
  const words = `${where}: ${worst.image} of ${worst.subject} is ${plural(worst.days, 'day')} old; ${aim}${passed ? ', PASSED' : ''}`
  return passed ? paint(`! ${words}`, 'danger', colour) : `  ${words}`
}

/** Lineage, ages, and what nobody could look at. */
export function renderImageStatus(status: ImageStatus, screen: Screen): string[] {
  const newest = new Set<string>()
  const shown: Line[] = []
  const lines = linesOf(status)
  for (const line of lines) {
    const kind = `${line.origin.image} ${line.origin.architecture}`
    if (matters(line, !newest.has(kind))) shown.push(line)
    newest.add(kind)
  }
  const left = lines.length - shown.length
  return [
    ...(lines.length === 0 ? ['This riglet has no images.'] : []),
    ...shown.flatMap((line, index) => [...(index === 0 ? [] : ['']), ...renderLine(line, status.now, screen)]),
    ...(left === 0 ? [] : ['', `and ${plural(left, 'older image')} that nothing uses; all of them: JSON=1`]),
    ...(status.ages.length === 0
      ? []
      : ['', 'The oldest that runs:', ...status.ages.map((age) => renderAge(age, screen))]),
    ...(status.unchecked.length === 0
      ? []
      : [
          '',
          paint('Not checked:', 'danger', screen.colour),
          ...status.unchecked.map(({ what, why }) => `  ${what}: ${why}`),
        ]),
  ]
}

const place = ({ target, region }: Use['site']) => ({ account: 'account' in target ? target.account : null, region })

/** The same as data, all images of it. */
export const imageStatusAsData = (status: ImageStatus) => ({
  images: linesOf(status).map(({ origin: { copies, derived, revocation, ...facts }, uses, channels }) => ({
    ...facts,
    days: days(facts.created, status.now),
    revocation: revocation ?? null,
    copies: copies.map(({ site, ...one }) => ({ ...place(site), ...one })),
    derived: derived.map(({ site, ...one }) => ({ ...place(site), ...one })),
    channels: channels.map(({ site, ...one }) => ({ ...place(site), ...one })),
    uses: uses.map(({ site, remedy: _, ...one }) => ({ ...place(site), ...one })),
  })),
  ages: status.ages.map(({ worst, ...age }) => ({ ...age, worst: worst ?? null })),
  unchecked: status.unchecked,
})
