import type { RunningInstance } from '../../drift/image-drift.ts'

/** Who uses images in an account and a region, whoever they belong to. */
export type ImageUses = {
  /** All instances but those that are terminated. */
  readonly instances: () => Promise<readonly (RunningInstance & { readonly tags: Readonly<Record<string, string>> })[]>
  /** Of each launch template its newest version and its default one. */
  readonly templates: () => Promise<readonly TemplateVersion[]>
  /** What EC2 knows of this account: instances, every version of launch templates, parameters, recipes of Image Builder. */
  readonly references: (images: readonly string[]) => Promise<readonly ImageReference[]>
  /** What was found out about use by other accounts; EC2 forgets it after thirty days. */
  readonly reports: () => Promise<readonly UsageReport[]>
  /** Lets EC2 find out which other accounts use an image of this one. It may take hours. */
  readonly askForReport: (image: string) => Promise<void>
}

export type TemplateVersion = {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly isDefault: boolean
  /** undefined: the version names none. */
  readonly image: string | undefined
}

/** `by`: an ARN. */
export type ImageReference = { readonly image: string; readonly by: string }

export type UsageReport = {
  readonly image: string
  /** available, pending or error. */
  readonly state: string
  /** When it was asked for, in milliseconds since 1970. */
  readonly time: number
  /** Other accounts, each with what it uses the image for; empty while it is pending. */
  readonly entries: readonly { readonly account: string; readonly type: string; readonly count: number }[]
}
