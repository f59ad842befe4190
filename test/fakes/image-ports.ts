import type { Answer } from '../../scripts/core/image/answer.ts'
import type { Http } from '../../scripts/core/ports/local/http.ts'
import type { Packer } from '../../scripts/core/ports/local/packer.ts'
import type { ImageFacts } from '../../scripts/core/image/image-facts.ts'
import type { Buckets } from '../../scripts/core/ports/buckets.ts'
import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import type { Files } from '../../scripts/core/ports/local/files.ts'
import type { Images } from '../../scripts/core/ports/images.ts'
import type { Parameters } from '../../scripts/core/ports/parameters.ts'
import type { Terminal } from '../../scripts/core/ports/local/terminal.ts'

const never = (): never => {
  throw new Error('not expected in this test')
}

/** A clock that moves only when somebody sleeps. */
export function fakeClock(start = '2026-01-31T12:00:00Z'): Clock {
  let now = Date.parse(start)
  return {
    now: () => new Date(now),
    sleep: (milliseconds) => {
      now += milliseconds
      return Promise.resolve()
    },
  }
}

/** Remembers what was said, one line an entry. */
export function fakeTerminal(): Terminal & { readonly said: string[]; readonly shown: string[] } {
  const said: string[] = []
  const shown: string[] = []
  return {
    said,
    shown,
    show: (text) => void shown.push(...text.split('\n')),
    say: (text) => void said.push(...text.split('\n')),
    progress: () => undefined,
    settle: () => undefined,
    confirm: never,
    ask: never,
    interactive: false,
    columns: 80,
    colour: false,
  }
}

export function fakeFiles(start: Readonly<Record<string, string>>): Files & { readonly content: Map<string, string> } {
  const content = new Map(Object.entries(start))
  return {
    content,
    read: (path) => Promise.resolve(content.get(path) ?? never()),
    readIfThere: (path) => Promise.resolve(content.get(path)),
    write: (path, text) => Promise.resolve(void content.set(path, text)),
    exists: (path) =>
      Promise.resolve([...content.keys()].some((there) => there === path || there.startsWith(`${path}/`))),
    list: (folder) =>
      Promise.resolve(
        [...content.keys()]
          .flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []))
          .sort(),
      ),
    // Content stands for its digest.
    tree: (folder, desired = () => true) =>
      Promise.resolve({
        entries: [...content].flatMap(([path, digest]) =>
          path.startsWith(`${folder}/`) && desired(path) ? [{ type: 'file', path, mode: 0o644, digest }] : [],
        ),
        faults: [],
        reached: [],
      }),
    copyFolder: (from, to, changed) =>
      Promise.resolve(
        [...content].forEach(([path, text]) => {
          if (!path.startsWith(`${from}/`)) return
          const below = path.slice(from.length + 1)
          const copy = changed.get(below) ?? { path: below, text }
          content.set(`${to}/${copy.path}`, copy.text)
        }),
      ),
    settle: () => Promise.resolve([]),
  }
}

export const imageFacts = (
  id: string,
  tags: Readonly<Record<string, string>> = {},
  state = 'available',
): ImageFacts => ({
  id,
  name: `name of ${id}`,
  state,
  architecture: 'x86_64',
  account: '123456789012',
  region: 'eu-central-1',
  snapshots: [],
  tags,
  created: '2026-01-01T00:00:00Z',
  rootDevice: '/dev/xvda',
})

type Machine = { readonly id: string; readonly tags: Readonly<Record<string, string>> }

const carries = (tags: Readonly<Record<string, string>>, desired: Readonly<Record<string, string>>): boolean =>
  Object.entries(desired).every(([name, value]) => tags[name] === value)

/** EC2's images and the machines that builds leave; a pending image is available when it was described twice. */
export function fakeImages(
  images: readonly ImageFacts[],
  machines: readonly Machine[] = [],
  { keys = [], snapshots = [] }: { readonly keys?: readonly Machine[]; readonly snapshots?: readonly Machine[] } = {},
) {
  const all = new Map(images.map((image) => [image.id, image]))
  const running = new Map(machines.map((machine) => [machine.id, machine]))
  const keyPairs = new Map(keys.map((key) => [key.id, key]))
  const orphans = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]))
  const carrying = (things: Map<string, Machine>, tags: Readonly<Record<string, string>>): Machine[] =>
    [...things.values()].filter((thing) => carries(thing.tags, tags))
  const seen = new Map<string, number>()
  const port: Images = {
    describe: (ids) =>
      Promise.resolve(
        ids.flatMap((id) => {
          const found = all.get(id)
          if (found === undefined) return []
          const times = (seen.get(id) ?? 0) + 1
          seen.set(id, times)
          return [found.state === 'pending' && times > 1 ? { ...found, state: 'available' } : found]
        }),
      ),
    named: (names) => Promise.resolve([...all.values()].filter(({ name }) => names.includes(name))),
    owned: (tags) => Promise.resolve([...all.values()].filter((image) => carries(image.tags, tags))),
    tagged: (tags) => Promise.resolve([...all.values()].filter((image) => carries(image.tags, tags))),
    instances: (tags) =>
      Promise.resolve([...running.values()].filter((machine) => carries(machine.tags, tags)).map(({ id }) => id)),
    terminate: (ids) => Promise.resolve(ids.forEach((id) => running.delete(id))),
    awsCliCommand: (words) => Promise.resolve(`aws ${words} --region eu-central-1`),
    architecturesOf: (type) =>
      Promise.resolve(type.startsWith('t4g') ? ['arm64'] : type === 't3.small' ? ['x86_64'] : []),
    ancestry: () => Promise.resolve([]),
    remove: ({ id }) => Promise.resolve(void all.delete(id)),
    orphaned: (tags, without = '') =>
      Promise.resolve(carrying(orphans, tags).flatMap(({ id, tags: own }) => (without in own ? [] : [id]))),
    snapshotKeys: () => Promise.resolve(new Map()),
    removeSnapshot: (id) => Promise.resolve(void orphans.delete(id)),
    keyPairs: (tags) => Promise.resolve(carrying(keyPairs, tags).map(({ id }) => id)),
    removeKeyPair: (name) => Promise.resolve(void keyPairs.delete(name)),
  }
  return Object.assign(port, { all, running, keys: keyPairs, orphans })
}

export const fakeParameters = (values: Readonly<Record<string, string>>): Parameters => ({
  get: (name) => Promise.resolve(values[name]),
  secret: (name) => Promise.resolve(values[name]),
  put: never,
  putImage: never,
  history: never,
  values: never,
  list: never,
  remove: never,
})

type Build = { readonly target: string; readonly variables: Readonly<Record<string, string>> }

/** What the variable file of an image sets, one a line. */
export const imageValues = { version: '1.4.3', architecture: 'x86_64', instance_type: 't3.small' }

/** What `packer validate packer/places.pkr.hcl` says: where each value is set. */
const placesIn = (file: string, values: Readonly<Record<string, string>>): string[] =>
  Object.keys(values).flatMap((name, index) => [
    'Error: Invalid value for varfile variable',
    '',
    `  on ${file} line ${index + 1}:`,
    '  (source code not available)',
    '',
    `This sets ${name}.`,
    '',
  ])

/** Packer as a test wants it to go: `run` plays what it does, and answers its exit code; `values` are the image's. */
export function fakePacker(
  run: (build: Build, say: (line: string) => void) => number,
  values: Readonly<Record<string, string>> = imageValues,
): Packer & { readonly builds: Build[] } {
  const builds: Build[] = []
  return {
    builds,
    goss: '/tools/goss',
    ask: (command, _target, { varFile }) =>
      Promise.resolve(
        command === 'console'
          ? { code: 0, lines: [JSON.stringify(values)] }
          : { code: 1, lines: placesIn(varFile, values) },
      ),
    given: {},
    build: (target, variables, { onLine }) => {
      const build = { target, variables }
      builds.push(build)
      return Promise.resolve({ code: run(build, onLine) })
    },
  }
}

/** Answers one after the other; the last one for ever. Remembers who was asked, where, and whose certificate could be any's. */
export function fakeHttp(
  answers: readonly Answer[],
): Http & { readonly asked: string[]; readonly anyName: string[]; readonly at: (string | undefined)[] } {
  const asked: string[] = []
  const anyName: string[] = []
  const at: (string | undefined)[] = []
  return {
    asked,
    anyName,
    at,
    get: (url, _milliseconds, options) => {
      at.push(options?.at)
      if (options?.anyName === true) anyName.push(url)
      return Promise.resolve(answers[Math.min(asked.push(url), answers.length) - 1]!)
    },
  }
}

export function fakeBuckets(): Buckets & {
  readonly objects: Map<string, string>
  readonly told: Map<string, Readonly<Record<string, string>>>
} {
  const objects = new Map<string, string>()
  const told = new Map<string, Readonly<Record<string, string>>>()
  return {
    objects,
    told,
    metadata: (bucket, key) => Promise.resolve(told.get(`${bucket}/${key}`)),
    find: never,
    empty: never,
    remove: never,
    get: (bucket, key) => Promise.resolve(objects.get(`${bucket}/${key}`)),
    url: (bucket, key) => `https://${bucket}.s3.eu-central-1.amazonaws.com/${key}`,
    has: (bucket, key) => Promise.resolve(objects.has(`${bucket}/${key}`)),
    put: (bucket, key, body, metadata = {}) => {
      told.set(`${bucket}/${key}`, metadata)
      objects.set(`${bucket}/${key}`, typeof body === 'string' ? body : `file ${body.file}`)
      return Promise.resolve({ version: '1' })
    },
  }
}
