export type Keys = {
  /** By its ARN or alias, with KMS's word for its state, such as Enabled or PendingDeletion; undefined: there is none. */
  readonly find: (name: string) => Promise<{ readonly arn: string; readonly state: string } | undefined>
  /** Who may use a key, by its ARN. */
  readonly use: (arn: string) => Promise<KeyUse>
}

/** What KMS holds of a key: its policy, as JSON, and who was granted which operations. */
export type KeyUse = { readonly policy: string; readonly grants: readonly Grant[] }
export type Grant = { readonly grantee: string; readonly operations: readonly string[] }
