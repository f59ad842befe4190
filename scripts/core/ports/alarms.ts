/** A number that was measured, under the environment that it is of. */
export type Measured = { readonly name: string; readonly environment: string; readonly value: number }

export type Alarms = {
  /** CloudWatch's word for an alarm's state: OK, ALARM or INSUFFICIENT_DATA; undefined: there is no such alarm. */
  readonly state: (name: string) => Promise<string | undefined>
  /** Writes down numbers of now, as metrics below a namespace. */
  readonly measure: (namespace: string, measured: readonly Measured[]) => Promise<void>
}
