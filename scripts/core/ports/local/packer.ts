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
