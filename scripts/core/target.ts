import type { Commands } from './commands.ts'

/** What the verbs of a noun act on: an environment, a pipeline, an app. */
export type Target = {
  /** As people say it: `acme-shop staging`. */
  readonly title: string
  readonly stacks: readonly string[]
  readonly commands: Commands
}
