export type Usage = { readonly used: number; readonly quota: number | undefined }

export type Account = {
  /** Twelve digits; also proves that the credentials work. */
  readonly id: () => Promise<string>
  /** ARN of who we are. */
  readonly caller: () => Promise<string>
  /** Regions that the account may use. */
  readonly regions: () => Promise<string[]>
  readonly vpcs: () => Promise<Usage>
  readonly elasticIps: () => Promise<Usage>
}
