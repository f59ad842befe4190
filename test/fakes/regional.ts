import type { Target } from '../../scripts/core/access/target.ts'
import type { ImageFacts } from '../../scripts/core/image/image-facts.ts'
import type { Account, Usage } from '../../scripts/core/ports/account.ts'
import type { Buckets } from '../../scripts/core/ports/buckets.ts'
import type { Files } from '../../scripts/core/ports/local/files.ts'
import type { Images } from '../../scripts/core/ports/images.ts'
import type { Keys } from '../../scripts/core/ports/keys.ts'
import type { Listeners } from '../../scripts/core/ports/listeners.ts'
import type { Parameters } from '../../scripts/core/ports/parameters.ts'
import type { Ports, Regional } from '../../scripts/core/ports/ports.ts'
import type { ListenerRule } from '../../scripts/core/stack/place-rule.ts'
import type { Fleet } from '../../scripts/core/ports/fleet.ts'
import type { Pipelines } from '../../scripts/core/ports/pipelines.ts'
import { fakeClock } from './image-ports.ts'
import { fakeGit, fakeProcesses } from './checkout.ts'
import { fakeFleet, fakeInspection, fakePipelines } from './pipelines.ts'
import { fakeStacks, type FakeStacks } from './stacks.ts'
import type { FakeTerminal } from './terminal.ts'

type Tags = Readonly<Record<string, string>>
const carries = (has: Tags, wants: Tags): boolean => Object.entries(wants).every(([key, value]) => has[key] === value)

export const imageFacts = (id: string, more: Partial<ImageFacts> = {}): ImageFacts => ({
  id,
  name: `image ${id}`,
  state: 'available',
  architecture: 'x86_64',
  account: '123456789012',
  region: 'eu-central-1',
  snapshots: [`snap-${id}`],
  tags: {},
  created: '2026-01-31T12:00:00Z',
  ...more,
})

export type World = {
  readonly stacks?: FakeStacks
  readonly images?: readonly ImageFacts[]
  /** Snapshots that no image uses, with the tags that they carry. */
  readonly snapshots?: Readonly<Record<string, Tags>>
  readonly instances?: Readonly<Record<string, Tags>>
  readonly keys?: Readonly<Record<string, Tags>>
  readonly buckets?: Readonly<Record<string, { readonly tags: Tags; readonly versions: number }>>
  readonly parameters?: Readonly<Record<string, string>>
  readonly pipelines?: Pipelines
  /** Keys of encrypted snapshots, and their states if not Enabled. */
  readonly snapshotKeys?: Readonly<Record<string, string>>
  readonly keyStates?: Readonly<Record<string, string>>
  readonly fleet?: Fleet
  /** Rules of listeners by ARN; each with the stack that its tags name, if any. */
  readonly rules?: Readonly<Record<string, readonly (ListenerRule & { readonly stack?: string })[]>>
  /** Templates in force, by stack. */
  readonly templates?: Readonly<Record<string, string>>
}

export type FakeRegion = Omit<Regional, 'stacks' | 'account'> & {
  readonly stacks: FakeStacks
  readonly held: {
    readonly images: Map<string, ImageFacts>
    readonly snapshots: Map<string, Tags>
    readonly instances: Map<string, Tags>
    readonly keys: Map<string, Tags>
    /** Terminated, but not gone before they were looked at twice more. */
    readonly ending: Map<string, { readonly tags: Tags; looks: number }>
    readonly buckets: Map<string, { tags: Tags; versions: number }>
    readonly parameters: Map<string, string>
    /** BUCKET/KEY of what was put. */
    readonly objects: Set<string>
    /** Listeners whose rules were asked for. */
    readonly looks: string[]
  }
}

/** One region, with a memory. */
export function fakeRegion(world: World = {}): FakeRegion {
  const held: FakeRegion['held'] = {
    images: new Map((world.images ?? []).map((image) => [image.id, image])),
    snapshots: new Map(Object.entries(world.snapshots ?? {})),
    instances: new Map(Object.entries(world.instances ?? {})),
    keys: new Map(Object.entries(world.keys ?? {})),
    ending: new Map(),
    buckets: new Map(Object.entries(world.buckets ?? {}).map(([name, bucket]) => [name, { ...bucket }])),
    parameters: new Map(Object.entries(world.parameters ?? {})),
    objects: new Set(),
    looks: [],
  }
  const withTags = (all: Map<string, Tags>, tags: Tags): string[] =>
    [...all].filter(([, has]) => carries(has, tags)).map(([id]) => id)

  const images: Images = {
    describe: (ids) => Promise.resolve([...held.images.values()].filter(({ id }) => ids.includes(id))),
    tagged: (tags) => Promise.resolve([...held.images.values()].filter((image) => carries(image.tags, tags))),
    owned: (tags) => Promise.resolve([...held.images.values()].filter((image) => carries(image.tags, tags))),
    remove: (image) => Promise.resolve(void held.images.delete(image.id)),
    orphaned: (tags) => Promise.resolve(withTags(held.snapshots, tags)),
    snapshotKeys: (ids) => {
      const known = world.snapshotKeys ?? {}
      return Promise.resolve(new Map(ids.flatMap((id) => (id in known ? [[id, known[id]!] as const] : []))))
    },
    removeSnapshot: (id) => Promise.resolve(void held.snapshots.delete(id)),
    instances: (tags, { ending = false } = {}) => {
      const leaving = [...held.ending].filter(([, { tags: has }]) => ending && carries(has, tags))
      for (const [id, one] of leaving) if ((one.looks += 1) > 2) held.ending.delete(id)
      return Promise.resolve([...withTags(held.instances, tags), ...leaving.map(([id]) => id)])
    },
    terminate: (ids) => {
      for (const id of ids) {
        const has = held.instances.get(id)
        if (has !== undefined) held.ending.set(id, { tags: has, looks: 0 })
        held.instances.delete(id)
      }
      return Promise.resolve()
    },
    keyPairs: (tags) => Promise.resolve(withTags(held.keys, tags)),
    removeKeyPair: (name) => Promise.resolve(void held.keys.delete(name)),
    awsCliCommand: (words) => Promise.resolve(`aws ${words} --region eu-central-1 --profile acme`),
    architecturesOf: (type) =>
      Promise.resolve(type.startsWith('t4g') ? ['arm64'] : type.startsWith('t3') ? ['x86_64'] : []),
  } as Partial<Images> as Images

  const parameters = {
    get: (name) => Promise.resolve(held.parameters.get(name)),
    put: (name, value) => Promise.resolve(void held.parameters.set(name, value)),
    values: (path) => Promise.resolve(new Map([...held.parameters].filter(([name]) => name.startsWith(`${path}/`)))),
    list: (path) => Promise.resolve([...held.parameters.keys()].filter((name) => name.startsWith(`${path}/`))),
    remove: (names) => Promise.resolve(names.forEach((name) => held.parameters.delete(name))),
  } as Partial<Parameters> as Parameters

  const buckets = {
    find: (prefix, tags) =>
      Promise.resolve(
        [...held.buckets]
          .filter(([name, { tags: has }]) => name.startsWith(prefix) && carries(has, tags))
          .map(([name]) => name),
      ),
    empty: (name) => {
      const bucket = held.buckets.get(name)!
      const { versions } = bucket
      bucket.versions = 0
      return Promise.resolve(versions)
    },
    remove: (name) =>
      held.buckets.get(name)?.versions === 0
        ? Promise.resolve(void held.buckets.delete(name))
        : Promise.reject(new Error(`${name} is not empty`)),
    has: (bucket, key) => Promise.resolve(held.objects.has(`${bucket}/${key}`)),
    put: (bucket, key) => Promise.resolve(void held.objects.add(`${bucket}/${key}`)).then(() => ({ version: '1' })),
  } as Partial<Buckets> as Buckets

  const pipelines = world.pipelines ?? fakePipelines()
  const keys: Keys = {
    find: (arn) => {
      const state = world.keyStates?.[arn] ?? 'Enabled'
      return Promise.resolve(state === 'gone' ? undefined : { arn, state })
    },
    use: () => Promise.reject(new Error('not expected in this test')),
  }
  const rules = world.rules ?? {}
  const listeners: Listeners = {
    rules: (listener) => {
      held.looks.push(listener)
      return Promise.resolve([...(rules[listener] ?? [])])
    },
    tagsOf: (arn) => {
      const stack = Object.values(rules)
        .flat()
        .find((one) => one.arn === arn)?.stack
      return Promise.resolve(stack === undefined ? {} : { 'aws:cloudformation:stack-name': stack })
    },
  }
  const fleet = world.fleet ?? fakeFleet()
  const inspection = fakeInspection(world.templates ?? {}, {})
  return {
    stacks: world.stacks ?? fakeStacks(),
    images,
    parameters,
    buckets,
    pipelines,
    inspection,
    fleet,
    listeners,
    keys,
    held,
  } as FakeRegion
}

export function fakeFiles(
  content: Readonly<Record<string, string>> = {},
): Files & { readonly content: Map<string, string> } {
  const files = new Map(Object.entries(content))
  return {
    content: files,
    read: (path) => {
      const text = files.get(path)
      return text === undefined ? Promise.reject(new Error(`no file ${path}`)) : Promise.resolve(text)
    },
    readIfThere: (path) => Promise.resolve(files.get(path)),
    write: (path, text) => Promise.resolve(void files.set(path, text)),
    exists: (path) => Promise.resolve(files.has(path)),
    list: (folder) => Promise.resolve([...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort()),
    tree: (folder) =>
      Promise.resolve({
        entries: [...files].flatMap(([path, digest]) =>
          path.startsWith(`${folder}/`) ? [{ type: 'file', path, mode: 0o644, digest }] : [],
        ),
        faults: [],
        reached: [],
      }),
    copyFolder: () => Promise.reject(new Error('not expected in this test')),
    settle: () => Promise.resolve([]),
  }
}

export type FakeAccount = { readonly vpcs?: Usage; readonly elasticIps?: Usage; readonly regions?: readonly string[] }

export const fakeAccount = ({ vpcs, elasticIps, regions = ['eu-central-1'] }: FakeAccount = {}): Account => ({
  id: () => Promise.resolve('123456789012'),
  caller: () => Promise.resolve('arn:aws:iam::123456789012:user/ada'),
  regions: () => Promise.resolve([...regions]),
  vpcs: () => Promise.resolve(vpcs ?? { used: 1, quota: undefined }),
  elasticIps: () => Promise.resolve(elasticIps ?? { used: 0, quota: 5 }),
})

/** All ports that stories about stacks need; whoever touches another one finds it missing. */
export const fakePorts = (
  terminal: FakeTerminal,
  region: FakeRegion = fakeRegion(),
  more: {
    readonly files?: Files
    readonly account?: Account
    readonly elsewhere?: Readonly<Record<string, FakeRegion>>
  } = {},
): Ports =>
  ({
    terminal,
    clock: fakeClock(),
    files: more.files ?? fakeFiles(),
    git: fakeGit(),
    processes: fakeProcesses,
    ...region,
    account: more.account ?? fakeAccount(),
    at: ({ region: name }: Target) => (more.elsewhere?.[name] ?? region) as unknown as Regional,
  }) as Partial<Ports> as Ports
