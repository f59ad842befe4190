import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakePlaces, homeAccount } from '../../fakes/places.ts'
import { fakePipelines } from '../../fakes/pipelines.ts'
import { fakeFiles, imageFacts } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'

export const settings = {
  OWNER: 'acme',
  PROJECT: 'shop',
  REGION: 'us-east-1',
  IMAGE: 'web',
  IMAGE_ID: 'ami-00000001',
} as const

export const name = 'acme-shop/web/1.4.2-9f3c2e1a'

export const candidate: ImageFacts = imageFacts('ami-00000001', {
  name: 'acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z',
  account: homeAccount,
  region: 'us-east-1',
  tags: {
    Owner: 'acme',
    Project: 'shop',
    Image: 'web',
    Version: '1.4.2',
    Inputs: '9f3c2e1a'.repeat(8),
    Commit: 'c0ffee1',
  },
})

/** A candidate that is not encrypted, and an images.yaml. */
export function world(
  yaml: string,
  answers: readonly string[] = ['yes', 'yes', 'yes', 'yes'],
  candidates = [candidate],
) {
  const clock = fakeClock('2026-02-01T08:00:00Z')
  const places = fakePlaces(clock, candidates)
  const files = fakeFiles({ 'manifests/images.yaml': yaml })
  const terminal = answering(...answers)
  const pipelines = fakePipelines()
  const home = places.at({ region: 'us-east-1' })
  const ports = { ...home, at: places.at, clock, files, terminal, pipelines } as Partial<Ports> as Ports
  return { ports, places, files, terminal, clock, pipelines, screen: () => terminal.shown.at(-1) ?? '' }
}

export const threeRegions = 'images:\n  web: { regions: [us-east-1, eu-west-1, ap-south-1], encryption: false }\n'

export const twoAccounts = `accounts:
  distribution: { account: "222222222222", role: riglet, regions: [us-east-1, eu-west-1] }
  customer: { account: "333333333333" }
images:
  web: { account: distribution, encryption: false, shareWith: [customer], deprecation: 30 }
`
