export type ProcessResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type Processes = {
  /** `show`: its output goes to our standard error as it comes. Never throws for a failing exit code. */
  readonly run: (
    command: string,
    args: readonly string[],
    options?: {
      readonly env?: Readonly<Record<string, string | undefined>>
      readonly show?: boolean
      readonly input?: string
      readonly cwd?: string
    },
  ) => Promise<ProcessResult>
}
