export type Alarms = {
  /** CloudWatch's word for an alarm's state: OK, ALARM or INSUFFICIENT_DATA; undefined: there is no such alarm. */
  readonly state: (name: string) => Promise<string | undefined>
}
