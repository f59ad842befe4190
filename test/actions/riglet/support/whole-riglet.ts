import { fakeAccount, fakePorts, fakeRegion, imageFacts, type FakeRegion } from '../../../fakes/regional.ts'
import { tags } from '../../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../../fakes/stacks.ts'
import type { FakeTerminal } from '../../../fakes/terminal.ts'

export const theirs = { Owner: 'acme', Project: 'blog' }
export const ground = 'acme-shop-integration-foundation'

/** The region of a riglet, with what another riglet has there. */
export const home = (protectedGround = false): FakeRegion =>
  fakeRegion({
    stacks: fakeStacks({
      states: [
        stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { tags, outputs: { DeployRoleArn: 'arn' } }),
        stackState(ground, 'CREATE_COMPLETE', { tags, protected: protectedGround }),
        stackState('acme-shop-integration-app-shop-main', 'UPDATE_COMPLETE', {
          tags,
          parameters: { Foundation: ground },
        }),
        stackState('acme-shop-pipeline-shop-main', 'CREATE_COMPLETE', {
          tags,
          parameters: { Jobs: 'acme-shop-jobs-shop-main' },
        }),
        stackState('acme-blog-artifacts', 'CREATE_COMPLETE', { tags: theirs }),
      ],
    }),
    images: [imageFacts('ami-ours', { tags }), imageFacts('ami-theirs', { tags: theirs })],
    snapshots: { 'snap-ours': tags, 'snap-theirs': theirs },
    instances: { 'i-ours': tags, 'i-theirs': theirs },
    buckets: {
      'acme-shop-artifacts-source': { tags, versions: 7 },
      'acme-blog-artifacts-source': { tags: theirs, versions: 2 },
    },
    parameters: { '/acme/shop/REPO': 'shop', '/acme/blog/REPO': 'blog' },
  })

/** A region to which its image was copied. */
export const away = (): FakeRegion =>
  fakeRegion({ images: [imageFacts('ami-copy', { tags })], parameters: { '/acme/shop/latest': 'ami-copy' } })

export const ports = (terminal: FakeTerminal, here: FakeRegion, there = fakeRegion()) =>
  fakePorts(terminal, here, {
    account: fakeAccount({ regions: ['eu-central-1', 'us-east-1'] }),
    elsewhere: { 'eu-central-1': here, 'us-east-1': there },
  })
