import assert from 'node:assert/strict'
import { cleanImages, planCleanImages } from '../../../scripts/actions/cleaning/clean-images.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakePipelines } from '../../fakes/pipelines.ts'
import { day, home, id, manifest, now, old, settings, tagged, twoAccounts, world } from './world.ts'

const denied = accessDenied('no right to look', new Error('x'))
const json = { ...settings, JSON: '1' }
const releases = (...tags: ReturnType<typeof tagged>[]) => ({ history: { complete: true, versions: tags } })

type World = ReturnType<typeof world>

/** Image -> what becomes of it, and why. */
async function verdicts({ ports, screen }: World, more: object = {}): Promise<Record<string, string>> {
  await planCleanImages({ ...json, ...more }, ports)
  const { images } = JSON.parse(screen()) as { images: { id: string; verdict: string; why: string[] }[] }
  return Object.fromEntries(images.map((one) => [one.id, `${one.verdict}: ${one.why.join('; ')}`]))
}

const later = (ports: Ports, days: number): Promise<void> => ports.clock.sleep(days * day)

describe('plan-clean-images', () => {
  it('keeps what any tagged, current or lately changed manifest names (B08, G25)', async () => {
    const commit = { type: 'commit', name: 'c0ffee1', time: Date.parse(now), text: manifest([id(3)]) } as const
    const all = world(
      [1, 2, 3, 4].map((one) => old(id(one))),
      {
        current: manifest([id(1)]),
        history: { complete: true, versions: [tagged('v1.0', [id(2)]), commit] },
      },
    )
    assert.deepEqual(await verdicts(all), {
      [id(1)]: 'stays: manifests/images.json names it',
      [id(2)]: 'stays: the manifest of v1.0 names it',
      [id(3)]: 'stays: the manifest named it in c0ffee1, which a revert brings back',
      [id(4)]: 'goes: nothing refers to it',
    })
  })

  it('reads the ids of a manifest that is no JSON any more', async () => {
    const broken = { ...tagged('v1.0', []), text: `<<<<<<< HEAD\n"${id(1)}"\n` }
    assert.match((await verdicts(world([old(id(1))], releases(broken))))[id(1)]!, /^stays: the manifest of v1.0/)
  })

  it('keeps what instances, launch templates, channels and EC2 itself refer to (B08, A24)', async () => {
    const all = world([1, 2, 3, 4, 5, 6].map((one) => old(id(one))))
    const { leaving } = all.places
    leaving.instances.push({ place: home, id: 'i-1', image: id(1), group: null })
    leaving.templates.push({ place: home, id: 'lt-1', name: 'web', version: '7', isDefault: true, image: id(2) })
    leaving.references.push({ place: home, image: id(3), by: 'arn:aws:ec2:us-east-1:1:launch-template/lt-0' })
    const path = '/acme/shop/channel/stable/web/x86_64'
    const put = (value: string, description: string) => ({ value, description, time: 0, tags: {} })
    all.places.parameters.set(`${home} ${path}`, [
      put(id(6), ''),
      put(id(4), 'Release v1.0 of milestone 1.0, version 1, promoted at 2026-01-01T00:00:00Z'),
      put(id(5), 'Release v1.1 of milestone 1.1, version 2, promoted at 2026-02-01T00:00:00Z'),
    ])
    const told = await verdicts(all)
    assert.deepEqual(told, {
      [id(1)]: 'stays: instance i-1 in us-east-1 runs from it',
      [id(2)]: 'stays: launch template web (lt-1), version 7, in us-east-1 uses it',
      [id(3)]: 'stays: arn:aws:ec2:us-east-1:1:launch-template/lt-0 refers to it',
      [id(4)]: 'stays: the channel stable/web/x86_64 in us-east-1 goes back to it',
      [id(5)]: 'stays: the channel stable/web/x86_64 in us-east-1 names it',
      [id(6)]: 'goes: nothing refers to it',
    })
  })

  it('keeps what an account that it is shared with uses (B08, A24)', async () => {
    const yaml =
      'accounts:\n  customer: { account: "333333333333", role: look }\nimages:\n  web: { shareWith: [customer] }\n'
    const all = world([old(id(1))], { yaml })
    all.places.leaving.instances.push({ place: '333333333333 us-east-1', id: 'i-9', image: id(1), group: 'web' })
    assert.match((await verdicts(all))[id(1)]!, /^stays: instance i-9 in 333333333333 us-east-1/)
  })

  it('keeps what a pipeline deployed, would go back to, or is on its way with (B08)', async () => {
    const all = world([1, 2].map((one) => old(id(one))))
    const stack = {
      name: 'acme-shop-pipeline-web-main',
      status: 'CREATE_COMPLETE',
      tags: { Owner: 'acme', Project: 'shop', Layer: 'pipeline' },
      parameters: { Repo: 'web', Branch: 'main' },
      outputs: {},
    }
    const pipelines = fakePipelines()
    pipelines.history.push({
      ...{ id: 'e1', status: 'InProgress', trigger: '', revision: '', revisionId: '' },
      ...{ started: 1, updated: 1, type: 'STANDARD' },
    })
    pipelines.actionRuns.push({
      ...{ id: 'r1', execution: 'e1', stage: 'Build', action: 'Bake', status: 'Succeeded', started: 1, updated: 1 },
      ...{ by: '', approval: false, summary: '', error: '', configuration: {}, external: '' },
      variables: { IMAGE_ID: id(1) },
    })
    const stacks = { list: () => Promise.resolve([stack]) } as unknown as Ports['stacks']
    const told = await verdicts({ ...all, ports: { ...all.ports, pipelines, stacks } })
    assert.equal(told[id(1)], 'stays: acme-shop-pipeline-web-main is on its way with it')
    assert.match(told[id(2)]!, /^goes/)
  })

  it('keeps what is younger than KEEP_DAYS for a way back, unless it was revoked (B08)', async () => {
    const created = '2026-05-20T08:00:00.000Z'
    const images = [old(id(1), { created }), old(id(2), { created, tags: { Revoked: 'CVE-2026-1' } })]
    const told = await verdicts(world(images))
    assert.equal(told[id(1)], 'stays: it is 12 days old, and KEEP_DAYS=30 keeps a way back')
    assert.equal(told[id(2)], 'goes: it is revoked, and nothing refers to it')
    assert.match((await verdicts(world(images), { KEEP_DAYS: '10' }))[id(1)]!, /^goes/)
  })

  it('keeps a public image for two years if a tag names it, or while it is newer than the last release (G35)', async () => {
    const at = (year: number) => ({
      public: true,
      created: `${year}-12-01T08:00:00.000Z`,
      tags: { Published: `${year}-12-01T08:00:00Z` },
    })
    const images = [old(id(1), at(2025)), old(id(2), at(2023)), old(id(3), at(2025)), old(id(4), at(2025))]
    const told = await verdicts(world(images, releases(tagged('v1.0', [id(1), id(2)], '2026-01-01T00:00:00Z'))))
    assert.equal(told[id(1)], 'stays: the manifest of v1.0 names it')
    assert.match(told[id(2)]!, /^goes/)
    assert.match(told[id(3)]!, /^goes/)
    const before = releases(tagged('v0.9', [id(1)], '2025-01-01T00:00:00Z'))
    assert.equal((await verdicts(world(images, before)))[id(3)], 'stays: it is newer than the last release, v0.9')
  })

  it('keeps the candidate of a copy that stays', async () => {
    const copy = old(id(2), { account: '222222222222', tags: { CandidateImageId: id(1) } })
    const all = world([old(id(1)), copy], { yaml: twoAccounts, current: manifest([id(2)]) })
    assert.equal((await verdicts(all))[id(1)], `stays: ${id(2)}, which stays, is a copy of it`)
  })

  it('looks at some of them alone, by name (A24)', async () => {
    const { ports, screen } = world([old(id(1)), old(id(2), { name: 'acme-shop/api/1' })])
    assert.equal(await planCleanImages({ ...settings, NAME_PATTERN: '^acme-shop/web/' }, ports), 0)
    assert.match(screen(), /1 of 1 image goes a step further, .*1 passed over$/)
    await assert.rejects(planCleanImages({ ...settings, NAME_PATTERN: '(' }, ports), /NAME_PATTERN=\( is no regular/)
  })

  it('leaves alone images of others, and what a builder has not finished', async () => {
    const others = old(id(1), { tags: { Project: 'other' } })
    const { Inputs: _, ...half } = old(id(2)).tags
    const told = await verdicts(world([others, { ...old(id(2)), tags: { ...half, Builder: 'bake' } }]))
    assert.deepEqual(told, { [id(2)]: 'stays: it was never finished; make sweep removes it' })
  })

  for (const [what, call] of [
    ['instances', 'instances'],
    ['launch templates', 'templates'],
    ['channels', 'values'],
    ['what refers to images', 'references'],
    ['who else uses its images', 'reports'],
  ] as const)
    it(`lets nothing go in a region that does not tell ${what} (B08)`, async () => {
      const all = world([old(id(1)), old(id(2), { region: 'eu-west-1' })], {
        yaml: 'images:\n  web: { regions: [us-east-1, eu-west-1] }\n',
      })
      all.places.fail(home, call, denied)
      assert.equal(await planCleanImages(settings, all.ports), 1)
      assert.match(all.screen(), /us-east-1\n\? ami-00000001.*\n {4}stays, for not all could be checked/)
      assert.match(all.screen(), /eu-west-1\n- ami-00000002/)
      assert.match(all.screen(), /Not checked, [^]*us-east-1 does not tell .*no right to look/)
    })

  it('keeps every candidate while a region does not tell its images, among which copies may be (B08)', async () => {
    const [candidate, copy] = [old(id(1)), old(id(2), { tags: { CandidateImageId: id(9) } })]
    const all = world([candidate, copy], { yaml: 'images:\n  web: { regions: [us-east-1, eu-west-1] }\n' })
    all.places.fail('111111111111 eu-west-1', 'owned', denied, 2)
    const told = await verdicts(all)
    assert.match(told[id(1)]!, /^unchecked: eu-west-1 does not tell its images/)
    assert.equal(told[id(2)], 'goes: nothing refers to it')
  })

  it('lets nothing go anywhere where not all tags are here (B08)', async () => {
    const all = world([old(id(1))], { history: { complete: false, versions: [] } })
    assert.equal(await planCleanImages(settings, all.ports), 1)
    assert.match(all.screen(), /this clone is shallow[^]*git fetch\s+--unshallow --tags/)
  })
})

describe('clean-images', () => {
  it('asks EC2, disables, waits, and only then deregisters, snapshots with it (B08, A24, G33)', async () => {
    const all = world([old(id(1), { protected: true }), old(id(2))], { current: manifest([id(2)]) })
    const { ports, places, screen } = all
    const run = () => cleanImages(settings, ports)
    assert.equal(await run(), 0)
    assert.equal(screen(), `us-east-1  ${id(1)}  done  ask`)
    assert.equal((await verdicts(all))[id(1)], 'waits: EC2 is still finding out whether other accounts use it')
    await later(ports, 1)
    assert.equal(await run(), 0)
    assert.equal(places.held.get(id(1))!.facts.state, 'disabled')
    assert.match(
      (await verdicts(all))[id(1)]!,
      /^waits: it is disabled since 2026-06-02T\S+Z; it can go from 2026-06-09T/,
    )
    await later(ports, 6)
    const [asked, removed] = [all.terminal.asked.length, places.count('deregister')]
    assert.equal(await run(), 0)
    assert.deepEqual([all.terminal.asked.length, places.count('deregister')], [asked, removed])
    await later(ports, 1)
    await planCleanImages(settings, ports)
    assert.match(screen(), /lift its protection from deregistration, then\s+DEREGISTER and delete snap-ami-00000001/)
    assert.equal(await run(), 0)
    assert.deepEqual([...places.held.keys()], [id(2)])
    assert.deepEqual([...places.leaving.snapshots.keys()], [`snap-${id(2)}`])
  })

  it("keeps what another account turns out to use, by EC2's report (B08, A24)", async () => {
    const all = world([old(id(1))])
    all.places.leaving.usedElsewhere.set(id(1), [{ account: '444444444444', type: 'ec2:LaunchTemplate', count: 2 }])
    assert.equal(await cleanImages(settings, all.ports), 0)
    await later(all.ports, 1)
    assert.equal((await verdicts(all))[id(1)], 'stays: 444444444444 uses it: ec2:LaunchTemplate, 2 of them')
  })

  it('changes nothing before it was asked, and nothing where the answer is no', async () => {
    const { ports, places } = world([old(id(1))], { answers: ['no'] })
    assert.equal(await cleanImages(settings, ports), 0)
    assert.equal(places.count('askForReport'), 0)
  })

  it('lets a snapshot be that another image has, and deletes one whose image is gone', async () => {
    const since = '2026-01-01T00:00:00Z'
    const all = world([
      old(id(1), { state: 'disabled', snapshots: ['snap-1', 'snap-2'], tags: { Disabled: since } }),
      old(id(2), { snapshots: ['snap-2'], tags: { Owner: 'other' } }),
    ])
    const lost = { ...all.places.leaving.snapshots.get('snap-1')!, id: 'snap-3' }
    all.places.leaving.snapshots.set('snap-3', lost)
    await planCleanImages(settings, all.ports)
    assert.match(all.screen(), /delete snap-1; snap-2 stays, for other\s+images use it/)
    assert.match(all.screen(), /- snap-3\n {4}its image is gone: DELETE/)
    assert.equal(await cleanImages(settings, all.ports), 0)
    assert.equal(all.places.leaving.snapshots.has('snap-3'), false)
  })

  it('tells what failed, and goes on with the others', async () => {
    const disabled = { state: 'disabled', tags: { Disabled: '2026-01-01T00:00:00Z' } }
    const { ports, places, screen } = world([old(id(1), disabled), old(id(2), disabled)])
    places.fail(home, 'deregister', denied)
    assert.equal(await cleanImages(settings, ports), 1)
    assert.match(screen(), new RegExp(`${id(1)} +failed +.*no right to look`))
    assert.deepEqual([...places.held.keys()], [id(1)])
  })
})
