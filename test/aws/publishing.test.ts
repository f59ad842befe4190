import assert from 'node:assert/strict'
import { makePublishing } from '../../scripts/aws/publishing.ts'
import { fakeSdk } from '../fakes/sdk.ts'

const organization = 'arn:aws:organizations::111111111111:organization/o-abcdefghij'
const unit = 'arn:aws:organizations::111111111111:ou/o-abcdefghij/ou-ab12-abcdefgh'

const ask = (answers: Parameters<typeof fakeSdk>[0] = {}) => {
  const client = fakeSdk(answers)
  return { client, port: makePublishing({ region: 'eu-west-1' }, client as never) }
}

describe('publishing on EC2', () => {
  const order = { name: 'a/b/1', source: { id: 'ami-1', region: 'us-east-1' }, tags: { Image: 'b' }, token: 't' }
  const Tags = [{ Key: 'Image', Value: 'b' }]

  it('asks for a copy with a token, and with tags of its own on image and snapshots (G12)', async () => {
    const { client, port } = ask({ CopyImage: () => ({ ImageId: 'ami-2' }) })
    assert.equal(await port.copy({ ...order, key: undefined }), 'ami-2')
    const asked = {
      Name: 'a/b/1',
      SourceImageId: 'ami-1',
      SourceRegion: 'us-east-1',
      ClientToken: 't',
      CopyImageTags: false,
      TagSpecifications: [
        { ResourceType: 'image', Tags },
        { ResourceType: 'snapshot', Tags },
      ],
    }
    assert.deepEqual(client.sent, [{ name: 'CopyImage', input: asked }])
    await port.copy({ ...order, key: 'alias/acme-shop' })
    assert.deepEqual(client.sent[1]!.input, { ...asked, Encrypted: true, KmsKeyId: 'alias/acme-shop' })
  })

  it('shares with accounts, organizations and their units in one call, and reads them back (G15)', async () => {
    const permissions = [{ UserId: '333333333333' }, { OrganizationArn: organization }, { OrganizationalUnitArn: unit }]
    const { client, port } = ask({
      DescribeImageAttribute: () => ({ LaunchPermissions: [...permissions, { Group: 'all' }] }),
    })
    await port.share('ami-1', ['333333333333', organization, unit])
    assert.deepEqual(client.sent[0]!.input, { ImageId: 'ami-1', LaunchPermission: { Add: permissions } })
    assert.deepEqual(await port.sharedWith('ami-1'), ['333333333333', organization, unit])
    await port.makePublic('ami-1')
    assert.deepEqual(client.sent[2]!.input, { ImageId: 'ami-1', LaunchPermission: { Add: [{ Group: 'all' }] } })
  })

  for (const [state, blocks] of [
    ['block-new-sharing', true],
    ['unblocked', false],
  ] as const)
    it(`tells of an account that is ${state}`, async () => {
      const { port } = ask({ GetImageBlockPublicAccessState: () => ({ ImageBlockPublicAccessState: state }) })
      assert.equal(await port.publicBlocked(), blocks)
    })

  it('deprecates at a time or no more, and protects without the cooldown that would hold for a day', async () => {
    const { client, port } = ask()
    await port.deprecate('ami-1', '2026-12-24T18:00:00Z')
    await port.deprecate('ami-1', null)
    await port.protect('ami-1')
    assert.deepEqual(client.sent, [
      { name: 'EnableImageDeprecation', input: { ImageId: 'ami-1', DeprecateAt: new Date('2026-12-24T18:00:00Z') } },
      { name: 'DisableImageDeprecation', input: { ImageId: 'ami-1' } },
      { name: 'EnableImageDeregistrationProtection', input: { ImageId: 'ami-1', WithCooldown: false } },
    ])
  })

  it('lets another account read a snapshot, as whoever copies must', async () => {
    const { client, port } = ask({
      DescribeSnapshotAttribute: () => ({ CreateVolumePermissions: [{ UserId: '2' }, { Group: 'all' }] }),
    })
    assert.deepEqual(await port.readersOf('snap-1'), ['2'])
    await port.letRead('snap-1', '3')
    assert.deepEqual(client.sent[1]!.input, {
      SnapshotId: 'snap-1',
      CreateVolumePermission: { Add: [{ UserId: '3' }] },
    })
  })
})
