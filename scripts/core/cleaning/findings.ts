import type { Site } from '../distribution/sites.ts'
import type { ImageFacts } from '../image/image-facts.ts'
import type { SnapshotFacts } from '../ports/cleaning/retirement.ts'
import type { UsageReport } from '../ports/cleaning/image-uses.ts'
import type { Named } from './named-images.ts'

/** Something that refers to an image; `by` says what, in words. */
export type Use = { readonly image: string; readonly by: string }

/** What nobody could look at; it might refer to any image of its region, or of all where it names none. */
export type Gap = {
  readonly region: string | undefined
  readonly what: string
  /** Copies may lie there of any candidate, which it then holds wherever it is. */
  readonly copies?: boolean
}

/** All images and snapshots of an account in a region, as far as the riglet could have made them. */
export type Holding = {
  readonly site: Site
  readonly images: readonly ImageFacts[]
  readonly snapshots: readonly SnapshotFacts[]
}

/** Everything that is known before it is said what goes. */
export type Findings = {
  readonly holdings: readonly Holding[]
  readonly uses: readonly Use[]
  readonly gaps: readonly Gap[]
  /** What manifests name. */
  readonly named: Named
  /** Of images that nothing of ours refers to: what EC2 found out about other accounts. */
  readonly reports: readonly UsageReport[]
}

export type CleaningRules = {
  readonly now: Date
  /** Days that an image stays for a way back, whether anything refers to it or not. */
  readonly keepDays: number
  /** Days that an image is disabled before it is deregistered. */
  readonly disabledDays: number
  /** Of AMI names; undefined: all. */
  readonly pattern?: RegExp | undefined
  /** Of one use case alone. */
  readonly image?: string | undefined
}
