import type { ListenerRule } from '../stack/place-rule.ts'

/** Load balancers. */
export type Listeners = {
  /** All but the default one. One call for a hundred. */
  readonly rules: (listener: string) => Promise<ListenerRule[]>
  readonly tagsOf: (rule: string) => Promise<Readonly<Record<string, string>>>
}
