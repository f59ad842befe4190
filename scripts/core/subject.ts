import type { Commands } from './commands.ts'

/** What the verbs of a noun act on: an environment, a pipeline, an app. */
export type Subject = {
  /** As people say it: `acme-shop staging`. */
  readonly title: string
  readonly stacks: readonly string[]
  /** What is protected of these, by its name in the template: what holds state. Nothing of one that is not named. */
  readonly held?: Readonly<Record<string, readonly string[]>>
  readonly commands: Commands
}
