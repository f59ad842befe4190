import assert from 'node:assert/strict'
import { findPublished } from '../../../scripts/actions/distribution/find-published.ts'
import { promote } from '../../../scripts/actions/distribution/promote.ts'
import { channelWorld, idIn, settings } from './channel-world.ts'

const asked = { IMAGE: 'web', REGION: 'eu-west-1', CHANNEL: 'stable', OWNER: 'acme', PROJECT: 'shop' }

const promoted = async (account?: string) => {
  const all = channelWorld(account)
  all.checkOut(1)
  assert.equal(await promote(settings, all.ports), 0)
  // The checkout goes on; what the channel names does not.
  all.checkOut(2, [])
  const before = all.places.calls.length
  return { ...all, calls: () => all.places.calls.slice(before) }
}

describe('find-image of a channel', () => {
  it('prints what the channel names, in two calls, whatever the manifest says meanwhile (G34)', async () => {
    const { ports, screen, calls } = await promoted()
    await findPublished(asked, ports)
    assert.equal(screen(), idIn('eu-west-1', 1))
    assert.deepEqual(calls(), ['values 111111111111 eu-west-1', 'describe 111111111111 eu-west-1'])
  })

  it('asks the account that publishes, and knows old names (G34)', async () => {
    const { ports, screen, calls } = await promoted('222222222222')
    await findPublished({ ...asked, IMAGE: 'nginx', JSON: '1' }, ports)
    assert.deepEqual(JSON.parse(screen()), {
      architecture: 'x86_64',
      channel: 'stable',
      id: idIn('eu-west-1', 1),
      parameter: '/acme/shop/channel/stable/web/x86_64',
    })
    assert.deepEqual(calls(), ['values 222222222222 eu-west-1', 'describe 222222222222 eu-west-1'])
  })

  for (const [what, more, says] of [
    ['a channel that was never promoted', { CHANNEL: 'beta' }, /^The channel beta names no web in eu-west-1\.$/],
    ['a region without it', { REGION: 'ca-central-1' }, /^The channel stable names no web in ca-central-1\.$/],
    ['another architecture', { ARCH: 'arm64' }, /^The channel stable has no web of architecture arm64 in eu-west-1\.$/],
  ] as const)
    it(`says that there is none: ${what} (G34)`, async () => {
      const { ports } = await promoted()
      await assert.rejects(findPublished({ ...asked, ...more }, ports), { code: 'NOT_FOUND', message: says })
    })

  it('needs to know whose channel it is', async () => {
    const { ports } = await promoted()
    const { OWNER: _, ...rest } = asked
    await assert.rejects(findPublished(rest, ports), /OWNER is missing/)
  })
})
