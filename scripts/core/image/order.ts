/** What a bake or a verification is asked to do, from settings. */
export type ImageOrder = {
  readonly owner: string
  readonly project: string
  readonly region: string
  /** Folder under packer/. */
  readonly image: string
  /** Where that packer/ lies: in a build the commit that was pushed; empty: this checkout. */
  readonly source: string
  /** Who builds: the pipeline of REPO/BRANCH, or a person. Two of them must not sweep each other's machines. */
  readonly builtFor: string
  /** ARN of the build that does it; empty by hand. */
  readonly build: string
  /** Empty: the default VPC, with a public address. */
  readonly subnet: string
  readonly securityGroup: string
  /** Instance types that a builder may have, besides the image's own. */
  readonly builderTypes: readonly string[]
}

export const builtFor = (who: string, source: { readonly REPO?: string; readonly BRANCH?: string }): string =>
  `${who} ${source.REPO ?? '-'} ${source.BRANCH ?? '-'}`

export const imageOrder = (settings: {
  readonly OWNER: string
  readonly PROJECT: string
  readonly REGION: string
  readonly IMAGE?: string
  readonly SOURCE?: string
  readonly REPO?: string
  readonly BRANCH?: string
  readonly EXECUTION_ID?: string
  readonly BUILD?: string
  readonly BUILD_SUBNET?: string
  readonly BUILD_SECURITY_GROUP?: string
  readonly BUILDER_TYPES?: string
}): ImageOrder => ({
  owner: settings.OWNER,
  project: settings.PROJECT,
  region: settings.REGION,
  image: settings.IMAGE || 'web',
  source: settings.SOURCE ?? '',
  builtFor: builtFor(settings.EXECUTION_ID === undefined ? 'hand' : 'pipeline', settings),
  build: settings.BUILD ?? '',
  subnet: settings.BUILD_SUBNET ?? '',
  securityGroup: settings.BUILD_SECURITY_GROUP ?? '',
  // A pattern such as t4g.* names none.
  builderTypes: (settings.BUILDER_TYPES ?? '').split(',').filter((type) => /^[^*]+$/.test(type)),
})

/** The image's own files. */
export const imageFolder = ({ image, source }: Pick<ImageOrder, 'image' | 'source'>): string =>
  `${source === '' ? '' : `${source}/`}packer/${image}`
