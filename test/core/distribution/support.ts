import { consumersOf, placesOf } from '../../../scripts/core/distribution/place.ts'
import { desiredReplica, type Held, type Seen } from '../../../scripts/core/distribution/replica.ts'
import type { DesiredImage } from '../../../scripts/core/manifest/desired-images.ts'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { imageFacts } from '../../fakes/regional.ts'

export const riglet = { owner: 'acme', project: 'shop' }
export const inputs = '9f3c2e1a'.repeat(8)
export const candidate = imageFacts('ami-00000001', {
  name: 'acme-shop/candidate/web/1.4.2-9f3c2e1a-20260131T120000Z',
  region: 'us-east-1',
  encrypted: ['snap-ami-00000001'],
  tags: {
    Owner: 'acme',
    Project: 'shop',
    Image: 'web',
    Version: '1.4.2',
    Inputs: inputs,
    Commit: 'c0ffee1',
    Name: 'x',
    BuiltFor: 'pipeline web main',
    'aws:x': 'y',
  },
})
export const name = 'acme-shop/web/1.4.2-9f3c2e1a'
export const now = new Date('2026-02-01T08:00:30Z')

export const read = (yaml: string) =>
  readDesired(`accounts:
  distribution: { account: "222222222222", role: riglet, regions: [us-east-1, eu-west-1] }
  customer: { account: "333333333333" }
images:
  web: ${yaml}
`)
export const desired = (yaml = '{}'): DesiredImage => read(yaml).images['web']!

export const replicaOf = (yaml = '{ regions: [us-east-1, eu-west-1] }', region = 'eu-west-1', image = candidate) => {
  const all = read(yaml)
  const web = all.images['web']!
  const place = placesOf(web, all, 'us-east-1').find((one) => one.region === region)!
  return desiredReplica(riglet, web, image, place, consumersOf(web, all))
}
export const seen = (held: readonly Held[], more: Partial<Extract<Seen, { type: 'seen' }>> = {}): Seen => ({
  type: 'seen',
  held,
  key: { arn: 'arn:key', state: 'Enabled' },
  snapshotKeys: new Map([['snap-copy', 'arn:key']]),
  publicBlocked: false,
  ...more,
})
export const replica = replicaOf()
export const copy: Held = {
  ...candidate,
  id: 'ami-00000002',
  name,
  region: 'eu-west-1',
  tags: replica.tags,
  snapshots: ['snap-copy'],
  encrypted: ['snap-copy'],
  sharedWith: [],
}
