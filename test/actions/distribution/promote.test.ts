import assert from 'node:assert/strict'
import { findPublished } from '../../../scripts/actions/distribution/find-published.ts'
import { planPromote, promote } from '../../../scripts/actions/distribution/promote.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { channelWorld, idIn, manifestOf, parameter, settings } from './channel-world.ts'

const denied = accessDenied('no right to put parameters', new Error('x'))

describe('promote', () => {
  it('shows what the channel would name where, and changes nothing (G18)', async () => {
    const { ports, places, screen, checkOut } = channelWorld()
    checkOut(3)
    assert.equal(await planPromote(settings, ports), 0)
    assert.deepEqual(screen().split('\n'), [
      'web  stable  release v1.3.0 of milestone 1.3',
      '',
      '  + us-east-1   ami-30000000 (v1.3.0)',
      '  + eu-west-1   ami-30000001 (v1.3.0)',
      '  + ap-south-1  ami-30000002 (v1.3.0)',
    ])
    assert.equal(places.count('putImage'), 0)
  })

  it('lets the channel name the image of the release in every region, and says there what it is of (G18)', async () => {
    const { ports, screen, checkOut, named, idsOf, at } = channelWorld()
    checkOut(3, ['v1.3.0', 'nightly'])
    assert.equal(await promote(settings, ports), 0)
    assert.deepEqual(named(), idsOf(3))
    assert.match(screen(), /^stable of web\n {2}us-east-1 +done {2}ami-30000000 \(v1\.3\.0\)$/m)
    const { description, tags } = at('eu-west-1')!
    assert.equal(description, 'Release v1.3.0 of milestone 1.3, version 1.3.0, promoted at 2026-02-01T08:00:00Z')
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Image: 'web' })
  })

  it('names an image for each architecture, and find-image says which there are (G18, G34)', async () => {
    const { ports, files, screen, checkOut } = channelWorld()
    checkOut(3)
    const [x86, arm] = [3, 4].map((number) => manifestOf(number)['web']!['eu-west-1']![0]!)
    const both = { web: { 'eu-west-1': [x86, { ...arm, architecture: 'arm64' }] } }
    files.content.set('manifests/images.json', JSON.stringify(both))
    assert.equal(await promote(settings, ports), 0)
    assert.match(screen(), /^ {2}eu-west-1 x86_64 {2}done {2}ami-30000001 \(v1\.3\.0\)$/m)
    const asked = { ...settings, REGION: 'eu-west-1' }
    await findPublished({ ...asked, ARCH: 'aarch64' }, ports)
    assert.equal(screen(), idIn('eu-west-1', 4))
    await assert.rejects(findPublished(asked, ports), {
      code: 'NOT_FOUND',
      message: 'web is published in eu-west-1 for several architectures: arm64, x86_64.',
    })
  })

  it('goes to the account that publishes (G18)', async () => {
    const { ports, checkOut, at } = channelWorld('222222222222')
    checkOut(3)
    assert.equal(await promote(settings, ports), 0)
    assert.equal(at('eu-west-1')!.value, idIn('eu-west-1', 3))
  })

  it('does nothing the second time, and asks nobody', async () => {
    const { ports, places, terminal, screen, checkOut } = channelWorld()
    checkOut(3)
    await promote(settings, ports)
    const asked = terminal.asked.length
    assert.equal(await promote(settings, ports), 0)
    assert.equal(screen(), 'stable of web: nothing to do')
    assert.deepEqual([places.count('putImage'), terminal.asked.length], [3, asked])
  })

  it('changes nothing where the question is declined', async () => {
    const { ports, places, checkOut } = channelWorld(undefined, ['no'])
    checkOut(3)
    assert.equal(await promote(settings, ports), 0)
    assert.equal(places.count('putImage'), 0)
  })

  it('refuses a second release in a milestone, naming the first, before anything is changed (G19)', async () => {
    const { ports, places, checkOut, named, idsOf } = channelWorld()
    checkOut(3)
    await promote(settings, ports)
    checkOut(4, ['v1.3.1'])
    for (const run of [promote, planPromote])
      await assert.rejects(run(settings, ports), {
        code: 'IMAGE',
        message:
          'v1.3.0 was promoted to stable of web in milestone 1.3, which has one release: v1.3.1 is a second one.',
      })
    assert.equal(places.count('putImage'), 3)
    assert.deepEqual(named(), idsOf(3))
    assert.equal(await promote({ ...settings, CHANNEL: 'beta' }, ports), 0)
    assert.equal(await promote({ ...settings, MILESTONE: '1.3-security' }, ports), 0)
    assert.deepEqual(named(), idsOf(4))
  })

  it('holds no region back for another one, says which it was, and goes on there later', async () => {
    const { ports, places, screen, checkOut, named, idsOf } = channelWorld()
    checkOut(3)
    places.fail('111111111111 eu-west-1', 'putImage', denied)
    assert.equal(await promote(settings, ports), 1)
    assert.match(screen(), /^ {2}eu-west-1 +failed {2}no right to put parameters/m)
    assert.deepEqual(named(), [idIn('us-east-1', 3), undefined, idIn('ap-south-1', 3)])
    assert.equal(await promote(settings, ports), 0)
    assert.equal(places.count('putImage'), 4)
    assert.deepEqual(named(), idsOf(3))
  })

  it('takes a region that does not answer for unchecked, not for one without the channel', async () => {
    const { ports, places, screen, checkOut } = channelWorld()
    checkOut(3)
    places.fail('111111111111 eu-west-1', 'history', denied, 2)
    assert.equal(await planPromote(settings, ports), 1)
    assert.match(screen(), /^ {2}\? eu-west-1 +not checked: no right to put parameters/m)
    assert.equal(await promote(settings, ports), 1)
    assert.equal(places.count('putImage'), 2)
  })

  it('says that AWS took no such image, though it answered that all was well', async () => {
    const { ports, places, screen, checkOut, at } = channelWorld()
    checkOut(3)
    await promote(settings, ports)
    checkOut(4)
    places.held.delete(idIn('eu-west-1', 4))
    assert.equal(await promote(settings, ports), 1)
    assert.ok(
      screen().includes(
        `eu-west-1   failed  ${parameter} still names ami-30000001: AWS found no available image ami-40000001 there`,
      ),
      screen(),
    )
    assert.equal(at('eu-west-1')!.value, idIn('eu-west-1', 3))
    assert.equal(at('us-east-1')!.value, idIn('us-east-1', 4))
  })

  for (const [what, tags, changed, says] of [
    ['no tag', [], [], /carries no tag, and only a release is promoted/],
    ['a tag that is no version', ['nightly'], [], /is a version such as v1\.4\.2: nightly\./],
    ['several releases', ['v1.3.0', 'v1.4.0'], [], /is several releases: v1\.3\.0, v1\.4\.0\./],
    [
      'a manifest that is not committed',
      ['v1.3.0'],
      ['manifests/images.json'],
      /images\.json is not as v1\.3\.0 has it/,
    ],
  ] as const)
    it(`refuses a checkout with ${what} (G18)`, async () => {
      const { ports, places, checkOut } = channelWorld()
      checkOut(3, tags, changed)
      await assert.rejects(promote(settings, ports), (error: RigletError) => {
        assert.equal(error.code, 'IMAGE')
        assert.match(error.message, says)
        assert.match(error.remedy, /^Nothing was changed\./)
        return true
      })
      assert.deepEqual(places.calls, [])
    })

  it('tells the same as data', async () => {
    const { ports, screen, checkOut } = channelWorld()
    checkOut(3)
    const asked = { ...settings, JSON: '1' }
    const place = {
      account: null,
      region: 'us-east-1',
      architecture: 'x86_64',
      parameter,
      from: null,
      to: { id: 'ami-30000000', tag: 'v1.3.0' },
    }
    assert.equal(await planPromote(asked, ports), 0)
    const planned = JSON.parse(screen())
    assert.deepEqual([planned.image, planned.channel, planned.places.length], ['web', 'stable', 3])
    assert.deepEqual(planned.places[0], { ...place, fault: null, unchecked: null })
    assert.equal(await promote(asked, ports), 0)
    assert.deepEqual(JSON.parse(screen()).places[0], { ...place, state: 'done' })
  })
})
