import assert from 'node:assert/strict'
import { planShares, share } from '../../../scripts/actions/share/share.ts'
import { accessDenied, throttled } from '../../../scripts/core/access/errors.ts'
import { candidates, hub, image, prod, settings, stage, tags, world, yaml } from './world.ts'

const denied = accessDenied('no right to tag', new Error('x'))
const changes = (calls: readonly string[]): readonly string[] => calls.filter((call) => /^(?:share|tag) /.test(call))

describe('share', () => {
  it('shows what would be shared with whom, and changes nothing (A21)', async () => {
    const { ports, places, screen } = world()
    assert.equal(await planShares(settings, ports), 0)
    assert.equal(
      screen(),
      `ami-00000001 (1.4.2, c0ffee1)  acme-shop/candidate/web/1.4.1
  of us-east-1
  + stage 333333333333 us-east-1
      share with 333333333333; tag Owner, Project, Image, Version, Commit,
      Tier, Payer, ManagedBy

ami-00000008 (1.4.2, c0ffee1)  acme-shop/web/1.4.2
  of 222222222222 us-east-1
  + stage 333333333333 us-east-1
      share with 333333333333; tag Owner, Project, Image, Version, Commit,
      Payer, ManagedBy
  + prod 444444444444 us-east-1
      share with 444444444444; tag Owner, Project, Image, Version, Commit,
      ManagedBy

ami-00000009 (1.4.2, c0ffee1)  acme-shop/web/1.4.2
  of 222222222222 eu-west-1
  + stage 333333333333 eu-west-1
      share with 333333333333; tag Owner, Project, Image, Version, Commit,
      Payer, ManagedBy`,
    )
    assert.deepEqual(changes(places.calls), [])
  })

  it('lets each account in to its images, in its own regions, and tags them there (A06, A07, A08, A20, B16)', async () => {
    const { ports, state } = world()
    assert.equal(await share(settings, ports), 0)
    const ours = { ...tags, ManagedBy: 'riglet acme-shop' }
    assert.deepEqual(state(), {
      'ami-00000001': { [stage]: { ...ours, Tier: 'web', Payer: 'stage' } },
      'ami-00000002': {},
      'ami-00000003': {},
      'ami-00000008': { [stage]: { ...ours, Payer: 'stage' }, [prod]: ours },
      'ami-00000009': { [stage]: { ...ours, Payer: 'stage' } },
    })
  })

  it('does nothing the second time, in one call for the images of each place (A18, A21)', async () => {
    const { ports, places, terminal, screen } = world()
    await share(settings, ports)
    const before = places.calls.length
    assert.equal(await share(settings, ports), 0)
    assert.equal(screen(), 'share: nothing to do')
    assert.equal(terminal.asked.length, 1)
    assert.deepEqual(places.calls.slice(before).sort(), [
      'describe 333333333333 eu-west-1',
      'describe 333333333333 us-east-1',
      'describe 444444444444 us-east-1',
      'owned 111111111111 us-east-1',
      `owned ${hub} eu-west-1`,
      `owned ${hub} us-east-1`,
    ])
  })

  it('carries a tag over that the image got later, and one that somebody changed there (A07, A18)', async () => {
    const { ports, places, screen, state } = world()
    await share(settings, ports)
    await places.at({ region: 'us-east-1' }).publishing.tag(['ami-00000001'], { Tested: 'yes' })
    const there = places.at({ region: 'us-east-1', account: stage, role: 'x' })
    await there.publishing.tag(['ami-00000001'], { Payer: 'nobody', Own: 'stays' })
    assert.equal(await planShares(settings, ports), 0)
    assert.match(
      screen(),
      /^ {2}~ stage 333333333333 us-east-1 {2}tag Payer, Tested$|^ {2}~ stage 333333333333 us-east-1 {2}tag Tested, Payer$/m,
    )
    await share(settings, ports)
    const now = state()['ami-00000001']![stage]!
    assert.deepEqual([now['Tested'], now['Payer'], now['Own']], ['yes', 'stage', 'stays'])
  })

  it('goes on where an account refuses: production does not depend on stage, and stage is done the next time (A02, A18)', async () => {
    const { ports, places, screen, state } = world()
    places.fail(`${stage} us-east-1`, 'tag', denied, 2)
    assert.equal(await share(settings, ports), 1)
    assert.match(screen(), /^ {2}stage 333333333333 us-east-1 +ami-00000008 +failed +no right to tag$/m)
    assert.match(screen(), /^ {2}prod 444444444444 us-east-1 +ami-00000008 +done$/m)
    assert.equal(state()['ami-00000008']![prod]!['Commit'], tags.Commit)
    assert.equal(await share(settings, ports), 0)
    assert.equal(state()['ami-00000008']![stage]!['Commit'], tags.Commit)
  })

  it('takes an account or a source that does not answer as unchecked, and does the rest (B15)', async () => {
    const { ports, places, screen, state } = world()
    const busy = throttled('Rate exceeded', new Error('x'))
    places.fail(`${prod} us-east-1`, 'describe', busy)
    places.fail(`${hub} eu-west-1`, 'owned', busy)
    assert.equal(await share(settings, ports), 1)
    assert.match(screen(), /^ {2}prod 444444444444 us-east-1 +ami-00000008 +unchecked +AWS asks to slow down/m)
    assert.match(screen(), /^releases {2}222222222222 eu-west-1 {2}unchecked: AWS asks to slow down/m)
    assert.deepEqual(Object.keys(state()['ami-00000008']!), [stage])
  })

  it('is about one commit where that is asked for, and says where there is no image of it (A22)', async () => {
    const { ports, screen, state } = world()
    const asked = { ...settings, COMMIT: 'c0ffee1' }
    assert.equal(await share({ ...asked, NAME: 'candidates' }, ports), 0)
    assert.deepEqual(Object.keys(state()['ami-00000008']!), [])
    assert.equal(await planShares({ ...settings, COMMIT: 'deadbee', NAME: 'candidates' }, ports), 1)
    assert.equal(screen(), 'candidates  us-east-1  not available: no image that is available fits of commit deadbee')
  })

  it('shares none where two are of the commit that one is meant of (A22)', async () => {
    const { ports, places, screen } = world(yaml, [...candidates, image(4)])
    assert.equal(await share({ ...settings, COMMIT: 'c0ffee1', NAME: 'candidates' }, ports), 1)
    assert.match(
      screen(),
      /ambiguous: one image of commit c0ffee1 is meant, and these fit: ami-00000001, ami-00000004$/m,
    )
    assert.deepEqual(changes(places.calls), [])
  })

  it('refuses an image under the key that AWS manages, and one under a key that is closed to the account (B10)', async () => {
    const [managed, closed] = [image(1, { encrypted: ['snap-1'] }), image(4, { encrypted: ['snap-4'] })]
    const { ports, places, screen } = world(yaml, [managed, closed])
    places.keys.set('snap-1', 'managed by AWS in 111111111111 us-east-1').set('snap-4', 'arn:key')
    places.fail(`${stage} us-east-1`, 'key', accessDenied('not authorized to perform: kms:DescribeKey', new Error('x')))
    assert.equal(await share({ ...settings, NAME: 'candidates' }, ports), 1)
    assert.match(screen(), /ami-00000001 +refused +ami-00000001 is encrypted under aws\/ebs /)
    assert.match(
      screen(),
      /ami-00000004 +refused +ami-00000004 is encrypted under arn:key, which 333333333333 cannot use/,
    )
    assert.deepEqual(changes(places.calls), [])
    assert.equal(await share({ ...settings, NAME: 'candidates' }, ports), 1)
    assert.deepEqual(changes(places.calls).toSorted(), ['share 111111111111 us-east-1', `tag ${stage} us-east-1`])
  })

  it('is data where that is asked for (A21)', async () => {
    const { ports, screen } = world()
    await planShares({ ...settings, JSON: '1' }, ports)
    const { images } = JSON.parse(screen()) as { images: { id: string; account: string; steps: { type: string }[] }[] }
    assert.deepEqual(
      images.map(({ id, account, steps }) => [id, account, steps.map(({ type }) => type)]),
      [
        ['ami-00000001', stage, ['share', 'tag']],
        ['ami-00000008', stage, ['share', 'tag']],
        ['ami-00000008', prod, ['share', 'tag']],
        ['ami-00000009', stage, ['share', 'tag']],
      ],
    )
    await share({ ...settings, JSON: '1' }, ports)
    assert.ok((JSON.parse(screen()) as { images: { state: string }[] }).images.every(({ state }) => state === 'done'))
  })

  it('changes nothing when the answer is no, and says that nothing is shared where nothing is', async () => {
    const { ports, places } = world(yaml, candidates, ['no'])
    assert.equal(await share(settings, ports), 0)
    assert.deepEqual(changes(places.calls), [])
    await assert.rejects(share(settings, world('images:\n').ports), { code: 'NOT_FOUND' })
  })
})
