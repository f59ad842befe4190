/** A value that a parameter has, or had. AWS keeps the last hundred. */
export type ParameterVersion = {
  readonly value: string
  readonly description: string
  /** When it was put there, in milliseconds since 1970. */
  readonly time: number
}

export type Parameters = {
  readonly get: (name: string) => Promise<string | undefined>
  /** The same of one that is encrypted (SecureString), or that Secrets Manager has (/aws/reference/secretsmanager/NAME). */
  readonly secret: (name: string) => Promise<string | undefined>
  readonly put: (name: string, value: string, tags: Readonly<Record<string, string>>) => Promise<void>
  /**
   * Makes a parameter name an image. AWS answers before it looks at the image, and keeps what the parameter named before
   * where the account has no such image, or not yet: read it back.
   * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
   */
  readonly putImage: (
    name: string,
    id: string,
    description: string,
    tags: Readonly<Record<string, string>>,
  ) => Promise<void>
  /** What a parameter had, the newest last; nothing: there is no such parameter. */
  readonly history: (name: string) => Promise<readonly ParameterVersion[]>
  /** Names under a path, each with its value. */
  readonly values: (path: string) => Promise<ReadonlyMap<string, string>>
  /** Names under a path. */
  readonly list: (path: string) => Promise<string[]>
  readonly remove: (names: readonly string[]) => Promise<void>
}
