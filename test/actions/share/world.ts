import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakePlaces, homeAccount } from '../../fakes/places.ts'
import { fakeAccount, fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { image, tags } from '../../core/share/support.ts'

export const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' } as const
export { image, tags }

export const stage = '333333333333'
export const prod = '444444444444'
export const hub = '222222222222'

/** Two accounts that images are shared with, each in regions of its own, from two accounts of which one is the riglet's. */
export const yaml = `accounts:
  hub: { account: "${hub}", role: riglet/hub, externalId: acme-hub, regions: [us-east-1, eu-west-1] }
  stage:
    account: "${stage}"
    role: riglet/consumer
    externalId: acme-stage
    regions: [us-east-1, eu-west-1]
    tags: { Payer: stage }
  prod: { account: "${prod}", role: riglet/consumer, externalId: acme-prod, regions: [us-east-1] }
share:
  candidates: { match: { name: /candidate/web/, tags: { Image: web } }, with: [stage], tags: { Tier: web } }
  releases: { from: hub, match: { name: ^acme-shop/web/ }, with: [stage, prod] }
`

export const candidates: readonly ImageFacts[] = [
  image(1),
  image(2, { state: 'disabled' }),
  image(3, { tags: { ...tags, Image: 'db' } }),
  ...['us-east-1', 'eu-west-1'].map((region, index) =>
    image(8 + index, { name: 'acme-shop/web/1.4.2', account: hub, region }),
  ),
]

export function world(text = yaml, images = candidates, answers: readonly string[] = ['yes', 'yes', 'yes', 'yes']) {
  const clock = fakeClock('2026-02-01T08:00:00Z')
  const places = fakePlaces(clock, images)
  const terminal = answering(...answers)
  const files = fakeFiles({ 'manifests/images.yaml': text })
  const account = {
    ...fakeAccount(),
    id: () => Promise.resolve(homeAccount),
    caller: () => Promise.resolve(`arn:aws:sts::${homeAccount}:assumed-role/ci/x`),
  }
  const home = places.at({ region: 'us-east-1' })
  const ports = { ...home, account, at: places.at, clock, files, terminal } as Partial<Ports> as Ports
  return {
    ports,
    places,
    terminal,
    files,
    screen: () => terminal.shown.at(-1) ?? '',
    /** Of each image: who else has it, with which tags. */
    state: () =>
      Object.fromEntries(
        [...places.held.values()].map(({ facts, shared, theirs }) => [
          facts.id,
          Object.fromEntries(shared.toSorted().map((account) => [account, theirs.get(account)])),
        ]),
      ),
  }
}
