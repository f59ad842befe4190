/** What is kept, and by what token its next write can tell that nobody wrote in between. */
export type Kept = { readonly text: string; readonly token: string }

/** One place that keeps small texts by name, whose writes are conditional: S3, DynamoDB, a folder. */
export type TrackerStore = {
  /** Where it is, in words. */
  readonly where: (name: string) => string
  readonly read: (name: string) => Promise<Kept | undefined>
  /** `token`: of what was read; undefined: there must be none yet. `conflict`: somebody else was faster, nothing was written. */
  readonly write: (name: string, text: string, token: string | undefined) => Promise<'written' | 'conflict'>
}

/** The part of an address behind its kind. */
export type TrackerPlace =
  | { readonly type: 's3'; readonly bucket: string }
  | { readonly type: 'dynamodb'; readonly table: string }
  | { readonly type: 'file'; readonly folder: string }

export type Trackers = { readonly open: (place: TrackerPlace) => Promise<TrackerStore> }
