import { RigletError } from '../../scripts/core/errors.ts'
import type { ImageFacts } from '../../scripts/core/image/image-facts.ts'
import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import type { ImageUses, TemplateVersion, UsageReport } from '../../scripts/core/ports/cleaning/image-uses.ts'
import type { Retirement, SnapshotFacts } from '../../scripts/core/ports/cleaning/retirement.ts'

type Tags = Readonly<Record<string, string>>
type At = { readonly place: string }

/** Who uses images in several accounts and regions; a place is `account region`. */
export const fakeUse = () => ({
  instances: [] as (At & {
    readonly id: string
    readonly image: string
    readonly group: string | null
    readonly tags?: Tags
  })[],
  groups: [] as (At & { readonly name: string; readonly launchTemplate: { id: string; version: string } })[],
  templates: [] as (At & TemplateVersion)[],
  /** `template version` -> image, of versions that are neither the newest nor the default. */
  olderVersions: new Map<string, string>(),
  /** What EC2 alone knows of, such as older versions of launch templates. */
  references: [] as (At & { readonly image: string; readonly by: string })[],
  reports: [] as (At & { -readonly [Key in keyof UsageReport]: UsageReport[Key] })[],
  /** What a report will say of an image. */
  usedElsewhere: new Map<string, UsageReport['entries']>(),
  snapshots: new Map<string, At & SnapshotFacts>(),
})

/** A report takes a minute of the clock. */
const reportMilliseconds = 60_000

type Held = {
  readonly own: (id: string) => { facts: ImageFacts; shared: string[] } | undefined
  readonly change: (id: string, more: Partial<ImageFacts>) => void
  readonly drop: (id: string) => void
}

/** Images that leave, with those who might keep them. */
export function fakeLeaving(
  use: ReturnType<typeof fakeUse>,
  place: string,
  call: <Answer>(operation: string, answer: () => Answer) => Promise<Answer>,
  { own, change, drop }: Held,
  clock: Clock,
): { readonly imageUses: ImageUses; readonly retirement: Retirement } {
  const here = <One extends At>(all: readonly One[]): One[] => all.filter((one) => one.place === place)
  const reports = (): UsageReport[] =>
    here(use.reports).map((report) => {
      if (report.state === 'pending' && clock.now().getTime() >= report.time + reportMilliseconds) {
        report.state = 'available'
        report.entries = use.usedElsewhere.get(report.image) ?? []
      }
      return report
    })
  return {
    imageUses: {
      instances: () => call('instances', () => here(use.instances).map((one) => ({ tags: {}, ...one }))),
      templates: () => call('templates', () => here(use.templates)),
      references: (images) =>
        call('references', () => here(use.references).filter(({ image }) => images.includes(image))),
      reports: () => call('reports', reports),
      askForReport: (image) =>
        call('askForReport', () => {
          use.reports.push({ place, image, state: 'pending', time: clock.now().getTime(), entries: [] })
        }),
    },
    retirement: {
      disable: (id) =>
        call('disable', () => {
          change(id, { state: 'disabled' })
          own(id)!.shared.length = 0
        }),
      unprotect: (id) => call('unprotect', () => change(id, { protected: false })),
      deregister: (id) =>
        call('deregister', () => {
          const image = own(id)
          if (image === undefined) return
          if (image.facts.protected === true) throw new RigletError('AWS_REFUSED', `${id} is protected`)
          drop(id)
          for (const snapshot of image.facts.snapshots) use.snapshots.delete(snapshot)
        }),
      snapshots: (tags) =>
        call('snapshots', () =>
          here([...use.snapshots.values()]).filter((one) =>
            Object.entries(tags).every(([key, value]) => one.tags[key] === value),
          ),
        ),
    },
  }
}
