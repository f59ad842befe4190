import { RigletError } from '../../scripts/core/errors.ts'
import type { Target } from '../../scripts/core/access/target.ts'
import type { Measured } from '../../scripts/core/ports/alarms.ts'
import type { KeyUse } from '../../scripts/core/ports/keys.ts'
import type { ImageFacts } from '../../scripts/core/image/image-facts.ts'
import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import type { Images } from '../../scripts/core/ports/images.ts'
import type { Publishing } from '../../scripts/core/ports/publishing.ts'
import type { Account } from '../../scripts/core/ports/account.ts'
import type { Regional } from '../../scripts/core/ports/ports.ts'
import { fakeImageParameters, type Kept } from './image-parameters.ts'
import { fakeLeaving, fakeUse } from './leaving.ts'
import { fakeFleets } from './fleets.ts'

type Tags = Readonly<Record<string, string>>
/** `theirs`: account -> the tags that it put on an image of another one. */
type Held = {
  facts: ImageFacts
  shared: string[]
  readonly theirs: Map<string, Tags>
  readonly asked: number
  readonly token: string
}
export const homeAccount = '111111111111'

/** What a place refuses: the operation, and with what; or copies that end as failed. */
type Fault = { readonly place: string; readonly operation: string; times: number; readonly error?: RigletError }

const absent = (id: string): RigletError => new RigletError('AWS_REFUSED', `The image id '[${id}]' does not exist`)

/** EC2, KMS, parameters and alarms of several accounts and regions, with a memory. A copy takes a minute of the clock. */
export function fakePlaces(clock: Clock, candidates: readonly ImageFacts[]) {
  const held = new Map<string, Held>()
  const readers = new Map<string, string[]>()
  const keys = new Map<string, string>()
  const uses = new Map<string, KeyUse>()
  const alarms = new Map<string, string>()
  const measured: (Measured & { readonly namespace: string })[] = []
  const blocked = new Set<string>()
  const parameters = new Map<string, Kept[]>()
  const faults: Fault[] = []
  const calls: string[] = []
  const leaving = fakeUse()
  const fleets = fakeFleets()
  /** Images that are gone, and what each was made of. */
  const gone = new Map<string, string>()
  let made = 0
  for (const facts of candidates) held.set(facts.id, { facts, shared: [], theirs: new Map(), asked: 0, token: '' })

  const due = (place: string, operation: string): Fault | undefined => {
    const fault = faults.find((one) => one.place === place && one.operation === operation && one.times > 0)
    if (fault !== undefined) fault.times -= 1
    return fault
  }

  const at = (target: Target): Regional => {
    const account = 'account' in target ? target.account : homeAccount
    const { region } = target
    const place = `${account} ${region}`
    const call = <Answer>(operation: string, answer: () => Answer): Promise<Answer> => {
      calls.push(`${operation} ${place}`)
      const fault = due(place, operation)
      return fault?.error === undefined ? new Promise((resolve) => resolve(answer())) : Promise.reject(fault.error)
    }
    const here = (): Held[] => {
      const now = clock.now().getTime()
      const all = [...held.values()].filter(({ facts }) => facts.account === account && facts.region === region)
      for (const one of all)
        if (one.facts.state === 'pending' && now >= one.asked + 60_000) one.facts = { ...one.facts, state: 'available' }
      return all
    }
    /** Others' public images. */
    const forAll = (): Held[] =>
      [...held.values()].filter(({ facts }) => facts.account !== account && facts.region === region && facts.public)
    const own = (id: string): Held => {
      const found = [...here(), ...forAll()].find(({ facts }) => facts.id === id)
      if (found === undefined) throw absent(id)
      return found
    }
    const change = (id: string, more: Partial<ImageFacts>): void => {
      own(id).facts = { ...own(id).facts, ...more }
    }
    const factsOf = (all: readonly Held[]): ImageFacts[] => all.map(({ facts }) => facts)
    /** What other accounts share with this one, with the tags that it put on them itself. */
    const shown = (): Held[] =>
      [...held.values()].filter(({ facts, shared }) => facts.region === region && shared.includes(account))
    const seen = (): ImageFacts[] => [
      ...factsOf([...here(), ...forAll()]),
      ...shown().map(({ facts, theirs }) => ({ ...facts, tags: theirs.get(account) ?? {} })),
    ]
    const tag = (id: string, tags: Tags): void => {
      const other = shown().find(({ facts }) => facts.id === id)
      if (other === undefined) change(id, { tags: { ...own(id).facts.tags, ...tags } })
      else other.theirs.set(account, { ...other.theirs.get(account), ...tags })
    }

    const images: Partial<Images> = {
      describe: (ids) => call('describe', () => seen().filter(({ id }) => ids.includes(id))),
      named: (names) => call('named', () => factsOf(here().filter(({ facts }) => names.includes(facts.name)))),
      owned: (tags) =>
        call('owned', () =>
          factsOf(here()).filter((image) => Object.entries(tags).every(([key, value]) => image.tags[key] === value)),
        ),
      ancestry: (id) =>
        call('ancestry', () => {
          const sourceOf = (one: string) => held.get(one)?.facts.source?.id ?? gone.get(one)
          const entries: { id: string; source: string }[] = []
          for (let one = id, source = sourceOf(one); source !== undefined; one = source, source = sourceOf(one))
            entries.push({ id: one, source })
          return entries
        }),
      awsCliCommand: (words) => Promise.resolve(`aws ${words} --region ${region}`),
      remove: ({ id }) => call('remove', () => void held.delete(id)),
      removeSnapshot: (id) => call('removeSnapshot', () => void leaving.snapshots.delete(id)),
      snapshotKeys: (ids) =>
        call('snapshotKeys', () => new Map(ids.map((id) => [id, keys.get(id) ?? `arn of ${place}`]))),
    }
    const publishing: Publishing = {
      copy: ({ name, source, tags, key, token }) =>
        call('copy', () => {
          const again = [...held.values()].find((one) => one.token === token)
          if (again !== undefined) return again.facts.id
          if (factsOf(here()).some((image) => image.name === name))
            throw new RigletError('AWS_REFUSED', `AMI name ${name} is already in use`)
          const from = held.get(source.id)
          if (from === undefined) throw absent(source.id)
          if (account !== homeAccount && !from.shared.includes(account))
            throw new RigletError('AWS_REFUSED', 'You do not have permission to access the storage of this ami')
          const id = `ami-c${String((made += 1)).padStart(7, '0')}`
          const state = due(place, 'finish') === undefined ? 'pending' : 'failed'
          const snapshots = [`snap-${id}`]
          held.set(id, {
            facts: {
              ...from.facts,
              ...{ id, name, tags, state, account, region, snapshots },
              source: { id: source.id, region: source.region },
              created: clock.now().toISOString(),
              encrypted: key === undefined ? [] : snapshots,
            },
            shared: [],
            theirs: new Map(),
            asked: clock.now().getTime(),
            token,
          })
          return id
        }),
      sharedWith: (id) => call('sharedWith', () => [...own(id).shared]),
      idsSharedWith: (who) =>
        call('idsSharedWith', () => here().flatMap(({ facts, shared }) => (shared.includes(who) ? [facts.id] : []))),
      share: (id, consumers) =>
        call('share', () => void (own(id).shared = [...new Set([...own(id).shared, ...consumers])])),
      withdraw: (id, consumers) =>
        call('withdraw', () => {
          own(id).shared = own(id).shared.filter((one) => !consumers.includes(one))
          if (consumers.includes('all')) change(id, { public: false })
        }),
      makePublic: (id) => call('makePublic', () => change(id, { public: true })),
      publicBlocked: () => call('publicBlocked', () => blocked.has(place)),
      readersOf: (snapshot) => call('readersOf', () => readers.get(snapshot) ?? []),
      letRead: (snapshot, who) =>
        call('letRead', () => void readers.set(snapshot, [...(readers.get(snapshot) ?? []), who])),
      tag: (ids, tags) => call('tag', () => ids.forEach((id) => tag(id, tags))),
      untag: (ids, keys) =>
        call('untag', () =>
          ids.forEach((id) => {
            const left = Object.entries(own(id).facts.tags).filter(([key]) => !keys.includes(key))
            change(id, { tags: Object.fromEntries(left) })
          }),
        ),
      deprecate: (id, time) =>
        call('deprecate', () => {
          const { deprecation: _, ...rest } = own(id).facts
          own(id).facts = time === null ? rest : { ...rest, deprecation: time.replace('Z', '.000Z') }
        }),
      enable: (id) => call('enable', () => change(id, { state: 'available' })),
      protect: (id) => call('protect', () => change(id, { protected: true })),
    }
    const holds = (id: string): boolean => here().some(({ facts }) => facts.id === id && facts.state === 'available')
    return {
      images,
      publishing,
      ...fakeLeaving(leaving, place, call, { own, change, drop: (id) => void held.delete(id) }, clock),
      fleet: fleets.at(place, call, leaving),
      parameters: fakeImageParameters(parameters, place, clock, call, holds),
      keys: {
        find: (name: string) => {
          const usual = name === 'alias/aws/ebs' ? `managed by AWS in ${place}` : `arn of ${place}`
          return call('key', () => ({ arn: keys.get(name) ?? usual, state: 'Enabled' }))
        },
        use: () => call('use', () => uses.get(place) ?? { policy: '{}', grants: [] }),
      },
      account: {
        caller: () => call('caller', () => `arn:aws:sts::${account}:assumed-role/someone/riglet`),
      } as Partial<Account> as Account,
      alarms: {
        state: (name: string) => call('alarm', () => alarms.get(`${name} ${region}`)),
        measure: (namespace: string, told: readonly Measured[]) =>
          call('measure', () => void measured.push(...told.map((one) => ({ namespace, ...one })))),
      },
    } as Partial<Regional> as Regional
  }
  return {
    at,
    held,
    /** Alias, or snapshot -> ARN of its key. */
    keys,
    /** `account region` -> who may use the key there. */
    uses,
    gone,
    fleets,
    alarms,
    measured,
    blocked,
    /** `account region name` -> what was put there, also what is not shown yet. */
    parameters,
    calls,
    /** Who uses images, and snapshots. */
    leaving,
    /** `operation`: as the port calls it; `finish`: a copy that was begun ends as failed. */
    fail: (place: string, operation: string, error?: RigletError, times = 1) =>
      void faults.push({ place, operation, times, ...(error === undefined ? {} : { error }) }),
    /** `account region -> name`, of what stands there besides candidates. */
    copies: () =>
      [...held.values()]
        .filter(({ token }) => token !== '')
        .map(({ facts }) => `${facts.account} ${facts.region} ${facts.name} ${facts.state}`)
        .sort(),
    /** How often something was asked for since the last time. */
    count: (operation: string) => calls.filter((one) => one.startsWith(`${operation} `)).length,
  }
}
