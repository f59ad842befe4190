import { environments, stackName, tagsOf, type Environment } from '../names.ts'
import { ofSource } from './of-source.ts'
import type { Layer, OfSource } from './layer.ts'

/** What the files of the checkout say that the jobs' stack has to know. */
export type Declared = {
  /** Whether there are groups that follow. */
  readonly groups: boolean
  /** ARNs of roles in other accounts: those by which images are looked at, and those by which groups are moved. */
  readonly readers: readonly string[]
  readonly followers: readonly string[]
  /** Days that an image may be old which runs in an environment; null: any number. */
  readonly ages: Readonly<Record<Environment, number | null>>
}

const capital = (word: string): string => `${word[0]!.toUpperCase()}${word.slice(1)}`

/** Jobs that run at their times, with a role each. */
export const schedule = {
  layer: 'schedule',
  template: 'cloudformation/schedule.yaml',
  standsOn: { Artifacts: 'artifacts' },
  holdsState: [],
  stack: ({ riglet, source }) => stackName.schedule(riglet, source),
  title: () => 'schedule',
  parameters: ({ riglet, source, control, declared: { groups, readers, followers, ages } }) => ({
    ...ofSource(riglet, source),
    ControlKey: control,
    Groups: groups ? 'yes' : 'no',
    ReaderRoles: readers.join(','),
    FollowRoles: followers.join(','),
    ...Object.fromEntries(environments.map((name) => [`${capital(name)}ImageAge`, String(ages[name] ?? 0)])),
  }),
  tags: ({ riglet }) => tagsOf(riglet),
  facts: ({ parameters }) => ({ control: parameters['ControlKey'] ?? '' }),
} as const satisfies Layer<OfSource & { readonly control: string; readonly declared: Declared }>
