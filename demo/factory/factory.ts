import type { Manifest } from '../../scripts/core/manifest/manifest.ts'
import { manifestFile } from '../../scripts/core/manifest/manifest.ts'
import { readManifest } from '../../scripts/core/manifest/read-manifest.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { commitAll, demoSource, runGit } from '../source.ts'
import type { Networks } from './accounts.ts'
import { followed, groupsYaml, type AccountName, type Accounts } from './places.ts'
import type { Tools, Variables } from './tools.ts'

/** What was baked: the candidate, and the commit that it was baked from. */
export type Baked = { readonly id: string; readonly commit: string }

/** Everything that the chapters of the story share. */
export type Factory = {
  readonly tools: Tools
  readonly ports: Ports
  /** Where the demo's own checkout lies, as an absolute path. */
  readonly folder: string
  readonly endpoint: string
  readonly accounts: Accounts
  readonly networks: Networks
  /** What leads an administrator into each account. */
  readonly admins: Readonly<Record<AccountName, Variables>>
  /** By image and version, such as `web 1.0.0`. */
  readonly baked: Map<string, Baked>
  /** What the demo saw and could not do, for its last screen. */
  readonly notes: string[]
}

/** A part of the story: what happens, and what there is to see. */
export type Chapter = {
  readonly title: string
  readonly see: string
  readonly tell: (factory: Factory) => Promise<void>
}

/** What the demo's own checkout says is published. */
export const publishedNow = async ({ ports }: Factory): Promise<Manifest> =>
  readManifest(await ports.files.read(`${demoSource}/${manifestFile}`))

/** Says in git what the groups are to run: the branch for staging, the commit itself for production. */
export async function point({ accounts, networks, folder, ports }: Factory, commit: string): Promise<void> {
  await ports.files.write(`${demoSource}/manifests/groups.yaml`, groupsYaml(accounts, networks, folder, commit))
  await commitAll(`Let groups run ${commit.slice(0, 7)}`, ports)
  await runGit(ports, ['branch', '-f', followed, commit])
}

/** How many requests AWS was sent since one of them, and the last one's number. */
export async function callsSince(
  endpoint: string,
  since: number,
): Promise<{ readonly last: number; readonly operations: readonly string[] }> {
  const reply = await fetch(`${endpoint}/_rehearsal/journal?since=${since}`)
  const { entries } = (await reply.json()) as { entries: readonly { number: number; operation: string }[] }
  return { last: entries.at(-1)?.number ?? since, operations: entries.map(({ operation }) => operation) }
}
