import assert from 'node:assert/strict'
import { follow, planFollow } from '../../../scripts/actions/follow/follow.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { GroupFacts } from '../../../scripts/core/ports/fleet.ts'
import { groupWorld, image, names, network, places, running, settings, url } from './world.ts'

const standing = (stack: string): GroupFacts => ({
  name: stack,
  desired: 1,
  launchTemplate: null,
  instances: [],
  stack,
})
/** Groups that Auto Scaling has at a place, whoever made them. */
const has = (world: ReturnType<typeof groupWorld>, title: string, ...stacks: readonly string[]): void => {
  const region = world.place(title)
  Object.assign(region, { fleet: { ...region.fleet, allGroups: () => Promise.resolve(stacks.map(standing)) } })
}
const onlyWeb = `accounts:
  stage: { account: "222222222222", role: riglet/follow }
  live: { account: "333333333333", role: riglet/follow }
groups:
  web: { environment: staging, account: stage, region: eu-west-1, repo: { url: "${url}", ref: main }, ${network} }
`
const andHome = `${onlyWeb}  here: { environment: staging, repo: { url: "${url}", ref: main }, ${network} }
`

describe('a group that leaves groups.yaml', () => {
  it('is named, with the command that deletes it, where the file still names its account or region (A09)', async () => {
    const world = groupWorld(andHome)
    world.sees(places.web, image(1))
    world.sees(places.old, image(1))
    has(world, places.web, names.web, 'acme-shop-staging-group-gone', 'acme-shop-staging-app-shop-main', 'stranger')
    has(world, places.api, names.api)
    has(world, places.old, names.old)
    assert.equal(await planFollow(settings, world.ports), 0)
    const told = world.terminal.shown.join('\n')
    const [, left] = told.split(
      'Left behind: groups.yaml does not name them any more. They run on, and follow nothing.\n',
    )
    const cli = (words: string): string => `aws cloudformation ${words}`
    const lift = cli(`update-termination-protection --no-enable-termination-protection --stack-name ${names.old}`)
    for (const [title, ...commands] of [
      [`staging gone  ${places.web}`, cli('delete-stack --stack-name acme-shop-staging-group-gone')],
      [`staging api  ${places.api}`, cli(`delete-stack --stack-name ${names.api}`)],
      [`production old  ${places.old}`, lift, cli(`delete-stack --stack-name ${names.old}`)],
    ] as const) {
      const from = left!.split('\n').findIndex((line) => line.includes(title))
      assert.ok(from >= 0, `${title}\n${told}`)
      for (const command of commands) assert.ok(left!.split('\n')[from + 1]!.includes(command), command)
    }
    assert.doesNotMatch(left!, /stranger|-app-|group-web/)
  })

  it('is named alone by its environment, and as data', async () => {
    const world = groupWorld(onlyWeb)
    world.sees(places.web, image(1))
    has(world, places.api, names.api)
    has(world, places.old, names.old)
    await planFollow({ ...settings, ENV: 'staging', JSON: '1' }, world.ports)
    const { left } = JSON.parse(world.screen()) as { left: { name: string; account: string }[] }
    assert.deepEqual(
      left.map(({ name, account }) => [name, account]),
      [['api', '333333333333']],
    )
  })

  it('is named also when it was the last one, and not where it is followed', async () => {
    const empty = groupWorld('groups: {}\n')
    has(empty, places.old, names.old)
    assert.equal(await follow(settings, empty.ports), 0)
    assert.match(empty.screen(), /production old {2}us-east-1/)
    const all = await running()
    for (const name of ['web', 'api', 'old'] as const) has(all, places[name], names[name])
    assert.equal(await follow(settings, all.ports), 0)
    assert.equal(all.screen(), 'Groups: nothing to do')
  })

  it('is not taken for gone where an account does not answer', async () => {
    const world = groupWorld(onlyWeb)
    world.sees(places.web, image(1))
    const region = world.place(places.api)
    const denied = () => Promise.reject(accessDenied('no right to look', new Error('x')))
    Object.assign(region, { fleet: { ...region.fleet, allGroups: denied } })
    await planFollow(settings, world.ports)
    assert.match(world.terminal.said.join('\n'), /left behind in 333333333333 us-east-1: no right to look/)
  })
})
