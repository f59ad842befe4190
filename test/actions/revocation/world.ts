import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import { stackName } from '../../../scripts/core/names.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { execution, fakePipelines, type FakePipelines } from '../../fakes/pipelines.ts'
import { fakePlaces, homeAccount } from '../../fakes/places.ts'
import { fakeAccount, fakeFiles, imageFacts } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

export const base = 'ami-ba5e0001'
export const candidate = 'ami-00000001'
export const copy = 'ami-00000002'
export const derived = 'ami-00000003'
export const earlier = 'ami-00000009'
export const customer = '333333333333'
export const hub = '222222222222 eu-west-1'
export const here = `${homeAccount} us-east-1`
export const pipeline = 'acme-shop-pipeline-shop-main'

export const settings = {
  OWNER: 'acme',
  PROJECT: 'shop',
  REGION: 'us-east-1',
  IMAGE_ID: candidate,
  REASON: 'CVE-2026-1',
}

const tags = {
  Owner: 'acme',
  Project: 'shop',
  Image: 'web',
  Version: '1.4.2',
  Inputs: '9f3c2e1a'.repeat(8),
  Commit: 'c0ffee1',
  BuiltFor: 'pipeline shop main',
}

const image = (id: string, more: Partial<ImageFacts>): ImageFacts =>
  imageFacts(id, { account: homeAccount, region: 'us-east-1', tags, ...more })

/** A base, a candidate of it, its copy in another account, and what somebody made of the candidate by way of an image that is gone. */
const family: readonly ImageFacts[] = [
  image(base, { account: '136693071363', public: true, tags: {} }),
  image(earlier, {
    created: '2026-01-01T00:00:00Z',
    tags: { ...tags, Version: '1.4.1' },
    source: { id: 'ami-0ld0ba5e', region: 'us-east-1' },
  }),
  image(candidate, { source: { id: base, region: 'us-east-1' } }),
  image(copy, {
    account: '222222222222',
    region: 'eu-west-1',
    tags: { ...tags, CandidateImageId: candidate },
    source: { id: candidate, region: 'us-east-1' },
  }),
  image(derived, { tags: { Team: 'search' }, source: { id: 'ami-90e00001', region: 'us-east-1' } }),
]

const yaml = `accounts:
  hub: { account: "222222222222", role: riglet, regions: [eu-west-1] }
  customer: { account: "${customer}" }
images:
  web: { account: hub, shareWith: [customer] }
`

/** One pipeline whose app runs the candidate in production. */
export function world(answers: readonly string[] = Array.from({ length: 9 }, () => 'yes')) {
  const clock = fakeClock('2026-02-01T08:00:00Z')
  const places = fakePlaces(clock, family)
  places.gone.set('ami-90e00001', candidate)
  places.held.get(copy)!.shared.push(customer)
  places.held.get(derived)!.facts = { ...places.held.get(derived)!.facts, public: true }
  places.fleets.run(here, 'shop-group', candidate, 2, 'acme-shop-production-app-shop-main')
  places.fleets.run(hub, 'tills', copy, 1)
  places.fleets.run(here, 'others', earlier, 3)
  const app = stackState(
    stackName.app({ owner: 'acme', project: 'shop' }, 'production', { repo: 'shop', branch: 'main' }),
    undefined,
    {
      parameters: { Environment: 'production', Repo: 'shop', Branch: 'main', App: 'shop-main', ImageId: candidate },
      outputs: { GroupName: 'shop-group' },
    },
  )
  const stacks = fakeStacks({
    states: [app, stackState(pipeline, undefined, { parameters: { Repo: 'shop', Branch: 'main', App: 'shop-main' } })],
  })
  const files = fakeFiles({ 'manifests/images.yaml': yaml })
  const terminal = answering(...answers)
  const made = fakePipelines()
  /** One that was started has run since, as CodePipeline remembers it. */
  const pipelines: FakePipelines = {
    ...made,
    start: (name, token) => {
      made.history.unshift(execution(`e${made.history.length + 1}`, { started: clock.now().getTime() }))
      return made.start(name, token)
    },
  }
  const home = places.at({ region: 'us-east-1' })
  const parameters = { ...home.parameters, get: () => Promise.resolve('ami-ba5e0002') }
  const ports = {
    ...home,
    at: places.at,
    clock,
    files,
    terminal,
    pipelines,
    stacks,
    parameters,
    account: fakeAccount(),
  } as Partial<Ports> as Ports
  const factsOf = (id: string): ImageFacts => places.held.get(id)!.facts
  return { ports, places, files, terminal, pipelines, clock, factsOf, screen: () => terminal.shown.at(-1) ?? '' }
}

/** Who may use what, and what is marked how; as it is in the end. */
export const standing = ({ places, pipelines }: ReturnType<typeof world>) => ({
  images: [...places.held.values()].map(({ facts, shared }) => [
    facts.id,
    facts.public === true,
    [...shared],
    facts.tags,
  ]),
  started: pipelines.started.map(({ name }) => name),
})
