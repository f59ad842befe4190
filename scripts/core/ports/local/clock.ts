export type Clock = {
  readonly now: () => Date
  /** @throws RigletError INTERRUPTED when Ctrl-C was pressed */
  readonly sleep: (milliseconds: number) => Promise<void>
}
