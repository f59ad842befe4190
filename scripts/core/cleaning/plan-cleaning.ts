import type { Site } from '../distribution/sites.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import { finishedTag, halfMade } from '../image/leftovers.ts'
import type { Riglet } from '../names.ts'
import { tagsOf } from '../names.ts'
import type { UsageReport } from '../ports/cleaning/image-uses.ts'
import type { CleaningRules, Findings, Gap, Holding } from './findings.ts'
import { goings, type Verdict } from './goings.ts'
import { days, reasonsToStay } from './reasons.ts'

export type ImagePlan = { readonly site: Site; readonly image: ImageFacts; readonly verdict: Verdict }
/** A snapshot of an image that is gone. */
export type SnapshotPlan = { readonly site: Site; readonly id: string; readonly unchecked: string | undefined }

export type CleaningPlan = {
  readonly images: readonly ImagePlan[]
  readonly snapshots: readonly SnapshotPlan[]
  readonly gaps: readonly Gap[]
  /** Images that the filters leave out. */
  readonly passedOver: number
}

const carries = (has: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): boolean =>
  Object.entries(tags).every(([key, value]) => has[key] === value)

/** Why each image of the riglet stays or goes (B08, G25, G35, A24), the same for looking and for doing. */
export function planCleaning(riglet: Riglet, findings: Findings, rules: CleaningRules): CleaningPlan {
  const ours = findings.holdings.flatMap(({ site, images }) => {
    const isShared = sharedSnapshots(images)
    return images
      .filter(({ tags }) => carries(tags, tagsOf(riglet)))
      .map((image) => ({ site, image, shared: image.snapshots.filter(isShared) }))
  })
  const uses = Map.groupBy(findings.uses, ({ image }) => image)
  const reports = Map.groupBy(findings.reports, ({ image }) => image)
  const known = (id: string) => ({ uses: uses.get(id) ?? [], named: findings.named })
  const reasons = new Map(ours.map(({ image }) => [image.id, reasonsToStay(image, known(image.id), rules)]))
  const origins = new Map(
    ours.flatMap(({ image: { id, tags } }): [string, string][] =>
      tags['CandidateImageId'] !== undefined && reasons.get(id)!.length > 0 ? [[tags['CandidateImageId'], id]] : [],
    ),
  )
  const asked = ours.filter(
    ({ image: { name, tags } }) =>
      (rules.pattern?.test(name) ?? true) && (rules.image === undefined || tags['Image'] === rules.image),
  )
  return {
    images: asked.map(({ site, image, shared }) => {
      const copy = origins.get(image.id)
      const why = [...reasons.get(image.id)!, ...(copy === undefined ? [] : [`${copy}, which stays, is a copy of it`])]
      return { site, image, verdict: verdictOf(image, why, shared, findings.gaps, reports.get(image.id) ?? [], rules) }
    }),
    // What is left of an image does not tell its name.
    snapshots:
      rules.pattern === undefined
        ? findings.holdings.flatMap((holding) => orphans(riglet, holding, findings.gaps, rules))
        : [],
    gaps: findings.gaps,
    passedOver: ours.length - asked.length,
  }
}

function verdictOf(
  image: ImageFacts,
  reasons: readonly string[],
  shared: readonly string[],
  gaps: readonly Gap[],
  reports: readonly UsageReport[],
  rules: CleaningRules,
): Verdict {
  if (reasons.length > 0) return { type: 'stays', why: reasons }
  const isCandidate = image.tags['CandidateImageId'] === undefined
  const blind = gaps.filter(
    ({ region, copies }) => region === undefined || region === image.region || (isCandidate && copies === true),
  )
  if (blind.length > 0) return { type: 'unchecked', why: blind.map(({ what }) => what) }
  return goings(image, shared, reports, rules)
}

/** Whether more than one image has a snapshot. */
function sharedSnapshots(images: readonly ImageFacts[]): (snapshot: string) => boolean {
  const [once, again] = [new Set<string>(), new Set<string>()]
  for (const snapshot of images.flatMap(({ snapshots }) => snapshots)) (once.has(snapshot) ? again : once).add(snapshot)
  return (snapshot) => again.has(snapshot)
}

/** A snapshot that a finished image had, and that none has now. */
function orphans(
  riglet: Riglet,
  { site, images, snapshots }: Holding,
  gaps: readonly Gap[],
  { now, keepDays, image }: CleaningRules,
): SnapshotPlan[] {
  const used = new Set(images.flatMap((one) => one.snapshots))
  const unmade = new Set(halfMade(images).flatMap((one) => one.snapshots))
  const blind = gaps.find(({ region }) => region === undefined || region === site.target.region)
  return snapshots
    .filter(({ tags }) => carries(tags, tagsOf(riglet)) && tags[finishedTag] !== undefined)
    .filter(({ tags }) => image === undefined || tags['Image'] === image)
    .filter(({ id, begun }) => !used.has(id) && !unmade.has(id) && begun <= now.getTime() - days(keepDays))
    .map(({ id }) => ({ site, id, unchecked: blind?.what }))
}
