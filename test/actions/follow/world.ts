import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { follow } from '../../../scripts/actions/follow/follow.ts'
import { targetName, type Target } from '../../../scripts/core/access/target.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import type { Ports, Regional } from '../../../scripts/core/ports/ports.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { fakeFiles, fakeRegion, imageFacts, type FakeRegion } from '../../fakes/regional.ts'
import { fakeStacks } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

export const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' } as const
export const url = 'https://github.com/acme/shop.git'
/** Commits by a digit: all of it is that digit. */
export const commit = (digit: number): string => String(digit).repeat(40)
export const network = 'subnets: [subnet-0123456789abcdef0], securityGroups: [sg-0123456789abcdef0]'

/** Two accounts, a group in each; a third one, pinned, in the riglet's own. */
export const threeGroups = `accounts:
  stage: { account: "222222222222", role: riglet/follow }
  live: { account: "333333333333", role: riglet/follow }
groups:
  web: { environment: staging, account: stage, region: eu-west-1, repo: { url: "${url}", ref: main }, ${network} }
  api: { environment: staging, account: live, repo: { url: "${url}", ref: main }, tags: { Image: api }, ${network} }
  old: { environment: production, repo: { url: "${url}", ref: "${commit(1)}" }, ${network} }
`
export const places = { web: '222222222222 eu-west-1', api: '333333333333 us-east-1', old: 'us-east-1' } as const

/** An image as an account sees it: with that account's own tags. */
export const image = (digit: number, more: Partial<ImageFacts> = {}, name = 'web'): ImageFacts =>
  imageFacts(`ami-0000000${digit}`, { tags: { Commit: commit(digit), Image: name }, ...more })

type Failing = Readonly<Record<string, string>>

/** Places by their titles, each with what its account sees. */
export function groupWorld(
  yaml: string | undefined,
  {
    answers = ['yes', 'yes', 'yes', 'yes'],
    failing = {},
  }: { readonly answers?: readonly string[]; readonly failing?: Failing } = {},
) {
  const refs = new Map([['refs/heads/main', commit(1)]])
  const asked: string[] = []
  const regions = new Map<string, FakeRegion>()
  const at = (target: Target): FakeRegion => {
    const title = targetName(target)
    const found = regions.get(title) ?? fakeRegion({ stacks: fakeStacks({ failing }) })
    regions.set(title, found)
    return found
  }
  const place = (title: string): FakeRegion => {
    const [account, region] = title.split(' ') as [string, string | undefined]
    return region === undefined ? at({ region: account }) : at({ account, region, role: 'riglet/follow' })
  }
  const terminal = answering(...answers)
  const files = fakeFiles({
    ...(yaml === undefined ? {} : { 'manifests/groups.yaml': yaml }),
    'cloudformation/group.yaml': readFileSync('cloudformation/group.yaml', 'utf8'),
  })
  const git = {
    ...fakeGit(),
    refsOf: (repository: string, names: readonly string[]) => {
      asked.push(repository)
      return Promise.resolve(
        new Map(names.flatMap((name) => (refs.has(name) ? [[name, refs.get(name)!] as const] : []))),
      )
    },
  }
  const ports = {
    at: (target: Target) => at(target) as unknown as Regional,
    clock: fakeClock('2026-02-01T08:00:00Z'),
    files,
    git,
    terminal,
  } as Partial<Ports> as Ports
  const stacks = (title: string) => place(title).stacks
  return {
    ports,
    terminal,
    refs,
    /** Repositories that were asked. */
    asked,
    place,
    stacks,
    /** What an account sees. */
    sees: (title: string, ...images: readonly ImageFacts[]) =>
      images.forEach((one) => place(title).held.images.set(one.id, one)),
    runs: (title: string, name: string) => {
      const { ImageId, Commit } = stacks(title).states.get(name)?.parameters ?? {}
      return ImageId === undefined ? undefined : [ImageId, Commit]
    },
    screen: () => terminal.shown.at(-1) ?? '',
    executed: () => [...regions.values()].flatMap(({ stacks: { executed } }) => executed).length,
    left: () =>
      [...regions.values()].reduce(
        (sum, { stacks: { planned, executed, discarded } }) =>
          sum + planned.length - executed.length - discarded.length,
        0,
      ),
  }
}

export const names = {
  web: 'acme-shop-staging-group-web',
  api: 'acme-shop-staging-group-api',
  old: 'acme-shop-production-group-old',
}

/** All three groups run what commit 1 is. */
export async function running(more: Parameters<typeof groupWorld>[1] = {}) {
  const world = groupWorld(threeGroups, more)
  world.sees(places.web, image(1))
  world.sees(places.api, image(1, {}, 'api'))
  world.sees(places.old, image(1))
  assert.equal(await follow(settings, world.ports), 0, world.screen())
  return world
}
