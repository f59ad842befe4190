import assert from 'node:assert/strict'
import { follow, planFollow } from '../../../scripts/actions/follow/follow.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import { commit, groupWorld, image, names, places, running, settings, threeGroups } from './world.ts'

describe('follow, where a group cannot be moved,', () => {
  it('refuses to choose between two images of a commit, and goes on with the others (A22)', async () => {
    const { ports, refs, runs, sees, screen } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.web, image(2), image(3, { tags: { Commit: commit(2) } }))
    sees(places.api, image(2, {}, 'api'))
    assert.equal(await follow(settings, ports), 1)
    assert.deepEqual(runs(places.web, names.web), ['ami-00000001', commit(1)])
    assert.deepEqual(runs(places.api, names.api), ['ami-00000002', commit(2)])
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      /! staging web .* 2 images carry Commit=2{40}: ami-00000002, ami-00000003/,
    )
  })

  it('makes no group without an image, for there is none to fall back to', async () => {
    const { ports, screen, executed } = groupWorld(threeGroups)
    assert.equal(await follow(settings, ports), 1)
    assert.equal(executed(), 0)
    assert.match(screen().replaceAll(/\s+/g, ' '), /! staging web .* and there is none to fall back to/)
  })

  it('takes a repository, or an account, that does not answer for unchecked, and holds no other back', async () => {
    const { ports, refs, runs, sees, screen, stacks } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.api, image(2, {}, 'api'))
    const denied = accessDenied('the role riglet/follow does not let this account in', new Error('x'))
    Object.assign(stacks(places.web), { find: () => Promise.reject(denied) })
    assert.equal(await follow(settings, ports), 1)
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      /\? staging web .* not checked: the role riglet\/follow does not let/,
    )
    assert.deepEqual(runs(places.api, names.api), ['ami-00000002', commit(2)])

    const failure = new RigletError('TOOL_FAILED', 'git ls-remote failed: Could not resolve host')
    Object.assign(ports.git, { refsOf: () => Promise.reject(failure) })
    assert.equal(await follow({ ...settings, ENV: 'staging' }, ports), 1)
    assert.match(screen(), /not checked: https:\/\/github\.com\/acme\/shop\.git: git ls-remote failed/)
    assert.equal(await follow({ ...settings, ENV: 'production' }, ports), 0)
  })

  it('refuses a group that another run is changing, naming that, and goes on with the others', async () => {
    const { ports, refs, runs, sees, screen, stacks } = await running()
    refs.set('refs/heads/main', commit(2))
    sees(places.web, image(2))
    sees(places.api, image(2, {}, 'api'))
    const { states } = stacks(places.web)
    const state = states.get(names.web)!
    states.set(names.web, {
      ...state,
      status: 'UPDATE_IN_PROGRESS',
      updated: new Date('2026-02-01T07:59:00.123Z'),
      changeSet: 'arn:aws:cloudformation:eu-west-1:222222222222:changeSet/riglet-0123456789ab-20260201T075900123Z/1',
      parameters: { ...state.parameters, ImageId: 'ami-00000002', Commit: commit(2) },
    })
    assert.equal(await follow(settings, ports), 1)
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      new RegExp(
        `! staging web .* another run is changing it: ${names.web} is UPDATE_IN_PROGRESS since 2026-02-01T07:59:00Z ` +
          `by riglet-0123456789ab-20260201T075900123Z, to ami-00000002 of ${commit(2)}`,
      ),
    )
    assert.deepEqual(runs(places.api, names.api), ['ami-00000002', commit(2)])
  })

  it('tells of a roll-out that failed, and goes on with the others', async () => {
    const failing: Record<string, string> = {}
    const { ports, refs, runs, sees, screen } = await running({ failing })
    refs.set('refs/heads/main', commit(2))
    sees(places.web, image(2))
    sees(places.api, image(2, {}, 'api'))
    failing[names.web] = 'Group did not stabilize'
    assert.equal(await follow(settings, ports), 1)
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      /! staging web .* web was not updated: .*: Group did not stabilize; rolled back/,
    )
    assert.deepEqual(runs(places.api, names.api), ['ami-00000002', commit(2)])
  })

  it('refuses an image that the instances cannot run, before anything is changed', async () => {
    const { ports, sees, screen, executed } = groupWorld(threeGroups)
    sees(places.old, image(1, { architecture: 'arm64' }))
    assert.equal(await follow({ ...settings, ENV: 'production' }, ports), 1)
    assert.equal(executed(), 0)
    assert.match(screen(), /arm64/)
  })

  it('says what is missing where there are no groups, or none of that environment', async () => {
    await assert.rejects(follow(settings, groupWorld(undefined).ports), {
      code: 'NOT_FOUND',
      message: 'There are no groups in manifests/groups.yaml, so nothing follows.',
    })
    await assert.rejects(planFollow({ ...settings, ENV: 'integration' }, groupWorld(threeGroups).ports), {
      message: 'manifests/groups.yaml has no group of integration; it has staging, production.',
    })
  })
})
