import assert from 'node:assert/strict'
import { planReplicate, replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { accessDenied, throttled } from '../../../scripts/core/access/errors.ts'
import { interrupted, type RigletError } from '../../../scripts/core/errors.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { candidate, name, settings, threeRegions, twoAccounts, world } from './world.ts'

const denied = accessDenied('no right to copy', new Error('x'))

describe('replicate', () => {
  it('shows what is missing where, in 80 columns, and changes nothing by itself', async () => {
    const { ports, places, screen } = world(threeRegions)
    assert.equal(await planReplicate(settings, ports), 0)
    assert.equal(
      screen(),
      `web  x86_64  ami-00000001 (1.4.2, c0ffee1)
  as IMAGE_ID names it

    us-east-1   ami-00000001, the candidate itself
  + eu-west-1   copy
  + ap-south-1  copy`,
    )
    assert.equal(places.count('copy'), 0)
  })

  it('copies a candidate to every region of its list at once, by its published name (G12, G13, G21)', async () => {
    const { ports, places, screen } = world(threeRegions)
    assert.equal(await replicate(settings, ports), 0)
    assert.deepEqual(places.copies(), [
      `111111111111 ap-south-1 ${name} available`,
      `111111111111 eu-west-1 ${name} available`,
    ])
    const begun = [...places.held.values()].filter(({ token }) => token !== '').map(({ facts }) => facts.created)
    assert.equal(new Set(begun).size, 1, 'one copy after the other')
    assert.match(screen(), /^ {2}eu-west-1 +done +ami-c000000\d$/m)
  })

  it('does nothing the second time, and asks nobody (B02)', async () => {
    const { ports, places, terminal, screen } = world(threeRegions)
    await replicate(settings, ports)
    const before = places.calls.length
    assert.equal(await replicate(settings, ports), 0)
    assert.equal(screen(), 'web: nothing to do')
    assert.equal(terminal.asked.length, 1)
    // One call for the images of each place, and the candidate itself.
    assert.deepEqual(places.calls.slice(before).sort(), [
      'describe 111111111111 us-east-1',
      'describe 111111111111 us-east-1',
      'named 111111111111 ap-south-1',
      'named 111111111111 eu-west-1',
    ])
  })

  it('goes on where a region failed: the others are done, another run copies only what is missing (B02)', async () => {
    const { ports, places, screen } = world(threeRegions)
    places.fail('111111111111 eu-west-1', 'copy', denied)
    assert.equal(await replicate(settings, ports), 1)
    assert.deepEqual(places.copies(), [`111111111111 ap-south-1 ${name} available`])
    assert.match(screen(), /^ {2}eu-west-1 +failed +.*no right to copy/m)
    assert.match(screen(), /^ {2}ap-south-1 +done/m)
    assert.equal(await replicate(settings, ports), 0)
    assert.equal(places.count('copy'), 3)
    assert.equal(places.copies().length, 2)
  })

  it('takes a copy away that failed on the way, and makes another one', async () => {
    const { ports, places } = world(threeRegions)
    places.fail('111111111111 eu-west-1', 'finish')
    assert.equal(await replicate(settings, ports), 1)
    assert.equal(await replicate(settings, ports), 0)
    assert.deepEqual(places.copies(), [
      `111111111111 ap-south-1 ${name} available`,
      `111111111111 eu-west-1 ${name} available`,
    ])
  })

  it('takes a region that does not answer as unchecked, not as empty, and does the rest (B15)', async () => {
    const { ports, places, screen } = world(threeRegions)
    places.fail('111111111111 eu-west-1', 'named', throttled('Rate exceeded', new Error('x')), 2)
    assert.equal(await planReplicate(settings, ports), 1)
    assert.match(screen(), /^ {2}\? eu-west-1 +not checked: /m)
    assert.equal(await replicate(settings, ports), 1)
    assert.deepEqual(places.copies(), [`111111111111 ap-south-1 ${name} available`])
    assert.match(screen(), /^ {2}eu-west-1 +unchecked/m)
  })

  it('changes nothing when the answer is no', async () => {
    const { ports, places } = world(threeRegions, ['no'])
    assert.equal(await replicate(settings, ports), 0)
    assert.equal(places.count('copy'), 0)
  })

  it('lets another account copy first, once for all its regions, and only for as long as it may not (G12)', async () => {
    const { ports, places, screen } = world(twoAccounts)
    await planReplicate(settings, ports)
    assert.match(screen(), /^ {2}\+ let 222222222222 copy ami-00000001$/m)
    assert.equal(await replicate(settings, ports), 0)
    assert.deepEqual(places.copies(), [
      `222222222222 eu-west-1 ${name} available`,
      `222222222222 us-east-1 ${name} available`,
    ])
    assert.equal(places.count('share'), 1)
    assert.equal(places.count('letRead'), 1)
    const [copy] = [...places.held.values()].filter(({ facts }) => facts.region === 'eu-west-1')
    assert.equal(copy!.facts.tags['CandidateImageId'], 'ami-00000001')
    assert.equal(copy!.facts.tags['Commit'], 'c0ffee1')
  })

  it('goes on after Ctrl-C: what was begun is waited for, nothing is copied twice', async () => {
    const { ports, places } = world(threeRegions)
    const clock = { ...ports.clock, sleep: () => Promise.reject(interrupted()) }
    await assert.rejects(replicate(settings, { ...ports, clock }), { code: 'INTERRUPTED' })
    assert.equal(await replicate(settings, ports), 0)
    assert.equal(places.count('copy'), 2)
    assert.equal(places.copies().length, 2)
  })

  it('takes the copy that another run, or a lost reply, left on the way', async () => {
    const { ports, places } = world(threeRegions)
    const at: typeof ports.at = (target) => {
      const there = places.at(target)
      const copy: typeof there.publishing.copy = async (order) => {
        await there.publishing.copy({ ...order, token: `another run's ${target.region}` })
        return there.publishing.copy(order)
      }
      return { ...there, publishing: { ...there.publishing, copy } }
    }
    assert.equal(await replicate(settings, { ...ports, at }), 0)
    assert.equal(places.copies().length, 2)
  })

  it('copies anew what was deregistered behind our back, though AWS remembers the request', async () => {
    const { ports, places } = world(threeRegions)
    await replicate(settings, ports)
    const gone = [...places.held.values()].find(({ facts }) => facts.region === 'eu-west-1')!
    const at: typeof ports.at = (target) => {
      const there = places.at(target)
      const copy: typeof there.publishing.copy = (order) =>
        order.token === gone.token ? Promise.resolve(gone.facts.id) : there.publishing.copy(order)
      return { ...there, publishing: { ...there.publishing, copy } }
    }
    places.held.delete(gone.facts.id)
    assert.equal(await replicate(settings, { ...ports, at }), 0)
    assert.equal(places.copies().length, 2)
  })

  describe('in waves (B17)', () => {
    const yaml = `images:
  web:
    regions: [us-east-1, eu-west-1, ap-south-1]
    encryption: false
    waves: [{ regions: [eu-west-1], pause: 30, alarm: loud }]
`
    it('begins the next one after the pause, if the alarm is quiet', async () => {
      const { ports, places, screen } = world(yaml)
      places.alarms.set('loud eu-west-1', 'OK')
      await planReplicate(settings, ports)
      assert.match(screen(), /^ {2}- then 30 minutes after the newest copy if the alarm loud is quiet$/m)
      assert.equal(await replicate(settings, ports), 0)
      const times = [...places.held.values()]
        .filter(({ token }) => token !== '')
        .map(({ facts }) => Date.parse(facts.created))
      assert.ok(times[1]! - times[0]! >= 30 * 60_000, String(times))
    })

    for (const [state, words] of [
      ['ALARM', 'the alarm loud goes off in eu-west-1'],
      [undefined, 'there is no alarm loud in eu-west-1'],
    ] as const)
      it(`holds it back while the alarm is ${state ?? 'missing'}, and goes on later`, async () => {
        const { ports, places, terminal, screen } = world(yaml)
        if (state !== undefined) places.alarms.set('loud eu-west-1', state)
        assert.equal(await replicate(settings, ports), 1)
        assert.deepEqual(places.copies(), [`111111111111 eu-west-1 ${name} available`])
        assert.ok(terminal.said.includes(`! Held back: us-east-1, ap-south-1: ${words}`), terminal.said.join('\n'))
        assert.match(screen(), /^ {2}ap-south-1 +held back/m)
        places.alarms.set('loud eu-west-1', 'OK')
        assert.equal(await replicate(settings, ports), 0)
        assert.equal(places.copies().length, 2)
      })

    it('holds it back where a region of the wave before failed', async () => {
      const { ports, places } = world(yaml)
      places.fail('111111111111 eu-west-1', 'copy', denied)
      assert.equal(await replicate(settings, ports), 1)
      assert.deepEqual(places.copies(), [])
    })
  })

  describe('chooses', () => {
    const refused = async (settingsThere: object, yaml = threeRegions, candidates = [candidate]) => {
      const { ports } = world(yaml, ['yes'], candidates)
      return planReplicate({ ...settings, ...settingsThere }, ports).then(
        () => assert.fail('nothing was refused'),
        (error: RigletError) => `${error.code}: ${error.message}`,
      )
    }

    for (const [title, more, yaml, message] of [
      [
        'an image that is not in images.yaml',
        { IMAGE: 'db' },
        threeRegions,
        'NOT_FOUND: manifests/images.yaml names no image db.',
      ],
      [
        'an id that is not there',
        { IMAGE_ID: 'ami-0000000f' },
        threeRegions,
        'IMAGE: ami-0000000f is no candidate of web: this account has no such image in us-east-1.',
      ],
      [
        'a candidate of another image',
        { IMAGE: 'db' },
        'images:\n  db:\n',
        'IMAGE: ami-00000001 is no candidate of db: its tag Image is web, not db.',
      ],
      [
        'an architecture that is not wanted',
        {},
        'images:\n  web: { architectures: [arm64] }\n',
        'IMAGE: ami-00000001 is no candidate of web: it is of architecture x86_64, and images.yaml wants arm64.',
      ],
    ] as const)
      it(`no ${title}`, async () => assert.equal(await refused(more, yaml), message))

    it('no image that a bake never finished', async () => {
      const { Inputs: _, ...tags } = candidate.tags
      assert.match(
        await refused({}, threeRegions, [imageFacts('ami-00000001', { ...candidate, tags })]),
        /never finished/,
      )
    })
  })
})
