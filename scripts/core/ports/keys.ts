export type Keys = {
  /** KMS's word for a key's state, such as Enabled or PendingDeletion; `gone` when there is no such key. */
  readonly state: (arn: string) => Promise<string>
}
