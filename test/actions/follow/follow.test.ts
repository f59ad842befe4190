import assert from 'node:assert/strict'
import { follow, planFollow } from '../../../scripts/actions/follow/follow.ts'
import { commit, groupWorld, image, names, places, running, settings, threeGroups, url } from './world.ts'

describe('follow', () => {
  it('makes groups, each in its own account and region, of the image of what its ref names (A09, A15)', async () => {
    const { runs, screen } = await running()
    for (const name of ['web', 'api', 'old'] as const)
      assert.deepEqual(runs(places[name], names[name]), ['ami-00000001', commit(1)])
    assert.deepEqual(screen().split('\n').slice(2), [
      '    staging web  222222222222 eu-west-1  created with ami-00000001 (1111111)',
      '    staging api  333333333333 us-east-1  created with ami-00000001 (1111111)',
      '    production old  us-east-1            created with ami-00000001 (1111111)',
    ])
  })

  it('does nothing the second time, and asks nobody (A11)', async () => {
    const { ports, terminal, screen, executed } = await running()
    const [asked, before] = [terminal.asked.length, executed()]
    assert.equal(await follow(settings, ports), 0)
    assert.equal(screen(), 'Groups: nothing to do')
    assert.deepEqual([terminal.asked.length, executed()], [asked, before])
  })

  it('follows the head of a branch, and leaves alone what is pinned to a commit (A10, A13)', async () => {
    const { ports, refs, runs, sees, screen } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.web, image(2))
    sees(places.api, image(2, {}, 'api'))
    sees(places.old, image(2))
    assert.equal(await follow(settings, ports), 0)
    assert.deepEqual(runs(places.web, names.web), ['ami-00000002', commit(2)])
    assert.deepEqual(runs(places.api, names.api), ['ami-00000002', commit(2)])
    assert.deepEqual(runs(places.old, names.old), ['ami-00000001', commit(1)])
    assert.match(screen(), /^ {4}staging web {2}222222222222 eu-west-1 {2}moved to ami-00000002 \(2222222\)$/m)
  })

  it('keeps the last known image where none is there for a new commit, warns, and does not fail (A11, A12)', async () => {
    const { ports, refs, runs, sees, screen } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.api, image(2, {}, 'api'))
    assert.equal(await follow(settings, ports), 0)
    assert.deepEqual(runs(places.web, names.web), ['ami-00000001', commit(1)])
    assert.deepEqual(runs(places.api, names.api), ['ami-00000002', commit(2)])
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      new RegExp(
        `= staging web 222222222222 eu-west-1 keeps ami-00000001 \\(1111111\\): main is 2222222, and 222222222222 eu-west-1 has ` +
          `no image with Commit=${commit(2)}, tagged by this account: it was not built, or it is not shared and tagged there yet`,
      ),
    )
  })

  for (const [what, seen] of [
    ['is not available yet', image(2, { state: 'pending' })],
    ['carries another value of a tag that is asked for', image(2, {}, 'other')],
  ] as const)
    it(`keeps the last known image while the new one ${what} (A12, A22)`, async () => {
      const { ports, refs, runs, sees, screen } = await running()
      refs.set('refs/heads/main', commit(2))
      sees(places.api, seen)
      assert.equal(await follow({ ...settings, ENV: 'staging' }, ports), 0)
      assert.deepEqual(runs(places.api, names.api), ['ami-00000001', commit(1)])
      assert.match(screen().replaceAll(/\s+/g, ' '), /has no image with Commit=2{40}, Image=api/)
    })

  it('shows what would move, and why others stay, and leaves nothing behind (A10, A12)', async () => {
    const { ports, refs, sees, terminal, runs, left } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.web, image(2))
    const shown = terminal.shown.length
    assert.equal(await planFollow(settings, ports), 0)
    const [table = '', between, plan = ''] = terminal.shown.slice(shown)
    assert.equal(between, '')
    assert.match(
      table,
      /^ {2}~ staging web {2}222222222222 eu-west-1\n +ami-00000001 \(1111111\) -> ami-00000002 \(2222222\)$/m,
    )
    assert.match(table, /^ {2}= staging api {2}333333333333 us-east-1$/m)
    assert.match(plan, /web/)
    assert.deepEqual([runs(places.web, names.web), left()], [['ami-00000001', commit(1)], 0])
  })

  it('changes nothing, and leaves nothing behind, where the question is declined or nobody is there to ask', async () => {
    for (const answers of [['no'], []]) {
      const { ports, sees, executed, left } = groupWorld(threeGroups, { answers })
      sees(places.web, image(1))
      const run = follow({ ...settings, ENV: 'staging' }, ports)
      if (answers.length > 0) assert.equal(await run, 1)
      else await assert.rejects(run, { code: 'NOT_CONFIRMED' })
      assert.deepEqual([executed(), left()], [0, 0])
    }
  })

  it('asks each repository once, and none for what is pinned (A13, A14)', async () => {
    const world = await running()
    assert.deepEqual(world.asked, [url])
    await follow({ ...settings, ENV: 'production' }, world.ports)
    assert.deepEqual(world.asked, [url])
  })

  it('changes the settings of a group, and the image stays', async () => {
    const { ports, runs, screen, stacks } = await running()
    await ports.files.write('manifests/groups.yaml', threeGroups.replace('tags: {', 'maxSize: 7, tags: {'))
    assert.equal(await planFollow(settings, ports), 0)
    assert.equal(await follow(settings, ports), 0, screen())
    assert.equal(stacks(places.api).states.get(names.api)!.parameters['MaxSize'], '7')
    assert.deepEqual(runs(places.api, names.api), ['ami-00000001', commit(1)])
  })

  it('protects what is in production', async () => {
    const { stacks } = await running()
    assert.deepEqual(
      (['old', 'web'] as const).map((name) => stacks(places[name]).states.get(names[name])!.protected),
      [true, false],
    )
  })

  it('tells the same as data', async () => {
    const { ports, refs, sees, screen } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.web, image(2))
    const asked = { ...settings, JSON: '1', ENV: 'staging' }
    assert.equal(await planFollow(asked, ports), 0)
    const [web, api] = JSON.parse(screen()).groups
    assert.deepEqual(web, {
      name: 'web',
      environment: 'staging',
      account: '222222222222',
      region: 'eu-west-1',
      repository: url,
      ref: 'main',
      commit: commit(2),
      from: { image: 'ami-00000001', commit: commit(1) },
      to: { image: 'ami-00000002', commit: commit(2) },
      state: 'to move',
      why: null,
    })
    assert.deepEqual([api.state, api.to], ['kept', { image: 'ami-00000001', commit: commit(1) }])
    assert.equal(await follow(asked, ports), 0)
    assert.deepEqual(
      JSON.parse(screen()).groups.map(({ state }: { state: string }) => state),
      ['moved', 'kept'],
    )
  })
})
