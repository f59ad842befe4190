export type Keys = {
  /** By its ARN or alias, with KMS's word for its state, such as Enabled or PendingDeletion; undefined: there is none. */
  readonly find: (name: string) => Promise<{ readonly arn: string; readonly state: string } | undefined>
}
