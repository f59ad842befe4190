import assert from 'node:assert/strict'
import { findPublished } from '../../scripts/actions/distribution/find-published.ts'
import { promote } from '../../scripts/actions/distribution/promote.ts'
import { rollbackChannel } from '../../scripts/actions/distribution/rollback-channel.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import type { Target } from '../../scripts/core/access/target.ts'
import type { Entry } from '../../scripts/core/manifest/manifest.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { home } from '../../rehearsal/contract/support/accounts.ts'
import { copied } from '../../rehearsal/contract/support/images.ts'
import { fakeGit } from '../fakes/checkout.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { insideRehearsal } from './rehearsal.ts'

const regions = ['us-east-1', 'eu-west-1', 'ap-south-1']
const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', IMAGE: 'web', CHANNEL: 'stable' }
const parameter = '/acme/shop/channel/stable/web/x86_64'
const inNoRegion = 'ami-0123456789abcdef0'

/** The stories with their real ports, against Parameter Store of three regions. */
describe('a channel', function () {
  this.timeout(240_000)
  const ground = insideRehearsal()
  const real = makeClock(new AbortController().signal)
  /** Release -> region -> id. */
  const published = new Map<string, ReadonlyMap<string, string>>()

  /** A minute of waiting for what never comes takes some seconds here: longer than AWS takes to look at an image. */
  const hastened = () => {
    let ahead = 0
    return {
      now: () => new Date(Date.now() + ahead),
      sleep: (milliseconds: number) => {
        ahead += milliseconds * 3
        return real.sleep(milliseconds)
      },
    }
  }
  const at = ({ region }: Target) => makeRegional({ region }, real)

  /** A checkout of the release, in which some ids may be other ones. */
  const checkedOut = (tag: string, others: Readonly<Record<string, string>> = {}) => {
    const entries = [...published.get(tag)!].map(([region, id]): [string, Entry] => [
      region,
      {
        architecture: 'x86_64',
        deprecation_time: null,
        id: others[region] ?? id,
        name: `acme-shop/web/${tag.slice(1)}-9f3c2e1a`,
        public: false,
      },
    ])
    const files = fakeFiles({
      'manifests/images.yaml': `images:\n  web: { regions: [${regions.join(', ')}] }\n`,
      'manifests/images.json': JSON.stringify({ web: Object.fromEntries(entries) }),
    })
    const terminal = answering('yes')
    const git = fakeGit([], undefined, [tag])
    const ports = { at, clock: hastened(), files, git, terminal } as Partial<Ports> as Ports
    return { ports, screen: () => terminal.shown.at(-1) ?? '' }
  }
  const named = () => Promise.all(regions.map((region) => at({ region }).parameters.get(parameter)))
  const idsOf = (tag: string) => regions.map((region) => published.get(tag)!.get(region))
  const lastCall = async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number
  const callsSince = async (since: number): Promise<readonly string[]> =>
    (await ground.rehearsal.journal(since)).map(({ operation, region }) => `${operation} ${region}`).sort()

  before(async () => {
    const versions = ['v1.3.0', 'v1.4.0', 'v1.4.1', 'v1.5.0']
    const ids = await Promise.all(
      regions.map((region) => {
        const aws = home(ground).in(region)
        return Promise.all(versions.map((tag) => copied(aws, { Name: `web ${tag}`, SourceRegion: region })))
      }),
    )
    for (const [index, tag] of versions.entries())
      published.set(tag, new Map(regions.map((region, place) => [region, ids[place]![index]!])))
  })

  it('names the image of a release in every region, once AWS has looked at it (G18)', async () => {
    for (const tag of ['v1.3.0', 'v1.4.0']) {
      const { ports, screen } = checkedOut(tag)
      assert.equal(await promote(settings, ports), 0, screen())
      assert.deepEqual(await named(), idsOf(tag))
    }
    const [first, second] = await at({ region: 'eu-west-1' }).parameters.history(parameter)
    assert.match(first!.description, /^Release v1\.3\.0 of milestone 1\.3, version 1\.3\.0, promoted at 20\S+Z$/)
    assert.ok(first!.time < second!.time)
  })

  it('changes nothing the second time, in two calls of each region', async () => {
    const since = await lastCall()
    const { ports, screen } = checkedOut('v1.4.0')
    assert.equal(await promote(settings, ports), 0)
    assert.equal(screen(), 'stable of web: nothing to do')
    assert.deepEqual(
      await callsSince(since),
      regions.flatMap((region) => [`DescribeImages ${region}`, `GetParameterHistory ${region}`]).sort(),
    )
  })

  it('gets no second release in a milestone (G19)', async () => {
    const since = await lastCall()
    await assert.rejects(
      promote(settings, checkedOut('v1.4.1').ports),
      /v1\.4\.0 was promoted to stable of web in milestone 1\.4, which has one release: v1\.4\.1 is a second one/,
    )
    assert.ok((await callsSince(since)).every((call) => /^(?:DescribeImages|GetParameterHistory) /.test(call)))
    assert.deepEqual(await named(), idsOf('v1.4.0'))
  })

  it('tells of an image that AWS does not find, though it answered that all was well', async () => {
    const { ports, screen } = checkedOut('v1.5.0', { 'eu-west-1': inNoRegion })
    assert.equal(await promote(settings, ports), 1)
    const [one, , three] = idsOf('v1.5.0')
    const still = published.get('v1.4.0')!.get('eu-west-1')!
    assert.ok(
      screen().includes(`${parameter} still names ${still}: AWS found no available image ${inNoRegion}`),
      screen(),
    )
    assert.deepEqual(await named(), [one, still, three])
  })

  it('goes back to the release before, where it had gone on, and keeps why', async () => {
    const { ports, screen } = checkedOut('v1.5.0')
    assert.equal(await rollbackChannel({ ...settings, REASON: 'logins fail' }, ports), 0, screen())
    assert.deepEqual(await named(), idsOf('v1.4.0'))
    const history = await at({ region: 'us-east-1' }).parameters.history(parameter)
    assert.match(history.at(-1)!.description, /^Release v1\.4\.0 of .*, taken back at 20\S+Z: logins fail$/)
  })

  it('is found by consumers in two calls (G34)', async () => {
    const since = await lastCall()
    const { ports, screen } = checkedOut('v1.5.0')
    await findPublished({ ...settings, REGION: 'eu-west-1' }, ports)
    assert.equal(screen(), published.get('v1.4.0')!.get('eu-west-1'))
    assert.deepEqual(await callsSince(since), ['DescribeImages eu-west-1', 'GetParametersByPath eu-west-1'])
  })
})
