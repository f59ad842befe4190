/** Packer, and what else only image verbs need. */
export type Packer = {
  /**
   * Runs `packer build` and hands over its lines as they come. When the caller is interrupted, Packer is asked once to
   * stop and is waited for: it removes its instance, key pair and group by itself.
   * @throws RigletError INTERRUPTED after that
   */
  readonly build: (
    target: string,
    variables: Readonly<Record<string, string>>,
    options: { readonly varFile?: string; readonly onLine: (line: string) => void },
  ) => Promise<{ readonly code: number }>
  /**
   * Runs `packer console`, with `input` as its standard input, or `packer validate`. Neither makes anything.
   * @throws RigletError INTERRUPTED
   */
  readonly ask: (
    command: 'console' | 'validate',
    target: string,
    options: { readonly varFile: string; readonly input?: string },
  ) => Promise<{ readonly code: number; readonly lines: readonly string[] }>
  /** Values of Packer variables that the environment sets: PKR_VAR_name. */
  readonly given: Readonly<Record<string, string>>
  /** Absolute path of the goss program that images are checked with. */
  readonly goss: string
}

export type Answer =
  | {
      readonly type: 'answer'
      readonly status: number
      readonly body: string
      /** Where a redirect leads; it is not followed. */
      readonly location?: string
    }
  /** Nobody answered: refused, timed out, no such host, or a certificate that is not to be trusted. */
  | { readonly type: 'silence'; readonly why: string }

export type Http = {
  /**
   * `anyName`: whoever's name stands in the certificate, if only an authority vouches for it. `at`: where to connect for the
   * URL's host, whatever a name server says, or does not say yet.
   */
  readonly get: (
    url: string,
    milliseconds: number,
    options?: { readonly anyName?: boolean; readonly at?: string | undefined },
  ) => Promise<Answer>
}
