import type { Target } from '../access/target.ts'
import type { Account } from './account.ts'
import type { Alarms } from './alarms.ts'
import type { Buckets } from './buckets.ts'
import type { Downloads } from './feeds/downloads.ts'
import type { Trackers } from './feeds/trackers.ts'
import type { Fleet } from './fleet.ts'
import type { ImageUses } from './cleaning/image-uses.ts'
import type { Images } from './images.ts'
import type { Inspection } from './inspection.ts'
import type { Keys } from './keys.ts'
import type { Listeners } from './listeners.ts'
import type { Clock } from './local/clock.ts'
import type { Files } from './local/files.ts'
import type { Git } from './local/git.ts'
import type { Http } from './local/http.ts'
import type { Packer } from './local/packer.ts'
import type { Processes } from './local/processes.ts'
import type { Proposals } from './local/proposals.ts'
import type { Terminal } from './local/terminal.ts'
import type { Parameters } from './parameters.ts'
import type { Pipelines } from './pipelines.ts'
import type { Publishing } from './publishing.ts'
import type { Retirement } from './cleaning/retirement.ts'
import type { Stacks } from './stacks.ts'

/** What actions may do to the world; scripts/main.ts hands them the real ones, tests their fakes. */
export type Ports = {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly files: Files
  readonly git: Git
  /** Git, and files, in another repository's folder. */
  readonly gitIn: (folder: string) => Git
  readonly filesIn: (folder: string) => Files
  readonly processes: Processes
  readonly packer: Packer
  readonly http: Http
  readonly downloads: Downloads
  readonly trackers: Trackers
  readonly proposals: Proposals
  readonly stacks: Stacks
  readonly images: Images
  readonly publishing: Publishing
  readonly imageUses: ImageUses
  readonly retirement: Retirement
  readonly parameters: Parameters
  readonly buckets: Buckets
  readonly pipelines: Pipelines
  readonly inspection: Inspection
  readonly fleet: Fleet
  readonly listeners: Listeners
  readonly keys: Keys
  readonly alarms: Alarms
  readonly account: Account
  /** The same in another region, or in another account. */
  readonly at: (target: Target) => Regional
}

/** What exists once a region. */
export type Regional = Pick<
  Ports,
  | 'stacks'
  | 'images'
  | 'publishing'
  | 'imageUses'
  | 'retirement'
  | 'parameters'
  | 'buckets'
  | 'pipelines'
  | 'inspection'
  | 'fleet'
  | 'listeners'
  | 'keys'
  | 'alarms'
  | 'account'
>
