import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { follow, planFollow } from '../../scripts/actions/follow/follow.ts'
import { makeTakeRole } from '../../scripts/aws/access/take-role.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import { needsRole, type Target } from '../../scripts/core/access/target.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeGit } from '../../scripts/io/git/git.ts'
import { makeProcesses } from '../../scripts/io/processes.ts'
import { home, makeAccount, type Account } from '../../rehearsal/contract/support/accounts.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { declaring, groupIn, letIn, makeRepository, runningIn, sharing } from './group-ground.ts'
import { insideRehearsal, until } from './rehearsal.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' }
const stack = { web: 'acme-shop-staging-group-web', live: 'acme-shop-production-group-live' }

/** The stories with their real ports and a real repository, against groups whose instances boot in two other accounts. */
describe('groups that follow a repository', function () {
  this.timeout(300_000)
  const ground = insideRehearsal()
  const { bake, share, tag } = sharing(ground)
  const { signal } = new AbortController()
  const clock = makeClock(signal)
  const files = fakeFiles()
  let repository: Awaited<ReturnType<typeof makeRepository>>
  let stage: Account
  let live: Account

  const at = (target: Target) => {
    const options = { region: target.region }
    return makeRegional(
      needsRole(target) ? { ...options, identify: makeTakeRole(target, { region: 'us-east-1' }) } : options,
      clock,
    )
  }
  const world = () => {
    const terminal = answering('yes', 'yes')
    const processes = makeProcesses(process.cwd(), signal)
    const ports = { at, clock, files, git: makeGit(processes, process.cwd()), terminal } as Partial<Ports> as Ports
    return { ports, terminal, screen: () => (terminal.shown.at(-1) ?? '').replaceAll(/\s+/g, ' ') }
  }
  const declare = async (pinned: string): Promise<void> =>
    files.write('manifests/groups.yaml', await declaring(repository.url, pinned, stage, live))
  const lastCall = async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number

  const commits: string[] = []
  const images: Record<string, string> = {}

  before(async () => {
    repository = await makeRepository()
    commits.push(repository.push('Begin'))
    await files.write('cloudformation/group.yaml', await readFile('cloudformation/group.yaml', 'utf8'))
    ;[stage, live] = [await makeAccount(ground, 'stage'), await makeAccount(ground, 'live')]
    await Promise.all([stage, live].map((account) => letIn(account.in(), home(ground).id)))
    await declare(commits[0]!)
    images['web 1'] = await bake('eu-west-1', 'web 1')
    images['live 1'] = await bake('us-east-1', 'web 1')
    await share('eu-west-1', images['web 1'], stage)
    await share('us-east-1', images['live 1'], live)
    await tag(stage.in('eu-west-1'), images['web 1'], commits[0]!)
    await tag(live.in('us-east-1'), images['live 1'], commits[0]!)
  })
  after(() => repository.remove())

  it('are made in their accounts, of shared images, with the rights of the guide alone (A09, A15)', async () => {
    const { ports, screen } = world()
    assert.equal(await follow(settings, ports), 0, screen())
    assert.deepEqual(await runningIn(stage.in('eu-west-1')), [[images['web 1'], commits[0]]])
    assert.deepEqual(await runningIn(live.in('us-east-1')), [[images['live 1'], commits[0]]])
  })

  it('tell by themselves which commit of which repository they run (A17)', async () => {
    const { Tags = [] } = await groupIn(stage.in('eu-west-1'))
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))
    const { Repository, Ref, Commit, ImageId } = tags
    assert.deepEqual([Repository, Ref, Commit, ImageId], [repository.url, 'main', commits[0], images['web 1']])
  })

  it('are left alone the second time, and asked in their own accounts only (A11, A14)', async () => {
    const since = await lastCall()
    const { ports, screen, terminal } = world()
    assert.equal(await follow(settings, ports), 0)
    assert.equal(screen(), 'Groups: nothing to do')
    assert.deepEqual(terminal.asked, [])
    const calls = await ground.rehearsal.journal(since)
    assert.deepEqual(
      calls.map(({ operation, region }) => `${operation} ${region}`).sort(),
      ['AssumeRole', 'DescribeAutoScalingGroups', 'DescribeImages', 'DescribeStacks']
        .flatMap((call) => [`${call} ${call === 'AssumeRole' ? 'us-east-1' : 'eu-west-1'}`, `${call} us-east-1`])
        .sort(),
    )
    for (const { operation, principal } of calls)
      if (operation !== 'AssumeRole') assert.match(principal, new RegExp(`:(?:${stage.id}|${live.id}):.*follow`))
  })

  it('keep their image while none is built, shared and tagged for a new commit (A11, A12)', async () => {
    commits.push(repository.push('Go on'))
    const keeps = async (): Promise<void> => {
      const { ports, screen } = world()
      assert.equal(await follow(settings, ports), 0)
      const start = `= staging web ${stage.id} eu-west-1 keeps ${images['web 1']} (${commits[0]!.slice(0, 7)}): main is `
      assert.ok(screen().includes(start), screen())
      assert.deepEqual(await runningIn(stage.in('eu-west-1')), [[images['web 1'], commits[0]]])
    }
    await keeps()
    images['web 2'] = await bake('eu-west-1', 'web 2')
    await tag(home(ground).in('eu-west-1'), images['web 2'], commits[1]!)
    await keeps()
    await share('eu-west-1', images['web 2'], stage)
    await keeps()
  })

  it('move once it is, however many calls are throttled: instances are replaced, what is pinned stays (A10, A11, A13, A15, B15)', async () => {
    await tag(stage.in('eu-west-1'), images['web 2']!, commits[1]!)
    await ground.rehearsal.fault({ kind: 'throttle', principal: 'assumed-role', every: 3 })
    const planned = world()
    assert.equal(await planFollow(settings, planned.ports), 0)
    const [table = ''] = planned.terminal.shown
    assert.match(table, new RegExp(`~ staging web [^]*${images['web 1']} .* -> ${images['web 2']} `))
    assert.deepEqual(await runningIn(stage.in('eu-west-1')), [[images['web 1'], commits[0]]])

    const { ports, screen } = world()
    assert.equal(await follow(settings, ports), 0, screen())
    await ground.rehearsal.calm()
    assert.deepEqual(await runningIn(stage.in('eu-west-1')), [[images['web 2'], commits[1]]])
    assert.deepEqual(await runningIn(live.in('us-east-1')), [[images['live 1'], commits[0]]])
  })

  it('are not changed by two runs at once: the second names the first, and fails', async () => {
    commits.push(repository.push('And on'))
    images['web 3'] = await bake('eu-west-1', 'web 3')
    await share('eu-west-1', images['web 3'], stage)
    await tag(stage.in('eu-west-1'), images['web 3'], commits[2]!)
    const [first, second] = [world(), world()]
    const moved = follow({ ...settings, ENV: 'staging' }, first.ports)
    const { cloudformation } = stage.in('eu-west-1')
    const { ChangeSetId } = await until(
      async () => (await cloudformation.send(new DescribeStacksCommand({ StackName: stack.web }))).Stacks![0]!,
      ({ StackStatus }) => StackStatus === 'UPDATE_IN_PROGRESS',
    )
    assert.equal(await follow({ ...settings, ENV: 'staging' }, second.ports), 1)
    const by = `${stack.web} is UPDATE_IN_PROGRESS since`
    assert.ok(second.screen().includes(`another run is changing it: ${by}`), second.screen())
    assert.ok(second.screen().includes(`by ${ChangeSetId!.split('/')[1]}, to ${images['web 3']}`), second.screen())
    assert.equal(await moved, 0, first.screen())
    assert.deepEqual(await runningIn(stage.in('eu-west-1')), [[images['web 3'], commits[2]]])
  })

  it('in production move by an edit of the commit in git, and are protected (A13)', async () => {
    await declare(commits[1]!)
    images['live 2'] = await bake('us-east-1', 'web 2')
    await share('us-east-1', images['live 2'], live)
    await tag(live.in('us-east-1'), images['live 2'], commits[1]!)
    const { ports, screen } = world()
    assert.equal(await follow(settings, ports), 0, screen())
    assert.deepEqual(await runningIn(live.in('us-east-1')), [[images['live 2'], commits[1]]])
    const { cloudformation } = live.in('us-east-1')
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: stack.live }))
    assert.equal(Stacks![0]!.EnableTerminationProtection, true)
  })

  it('go nowhere where two images say that they are of the commit (A22)', async () => {
    commits.push(repository.push('Twice'))
    const twice = [await bake('eu-west-1', 'web 4'), await bake('eu-west-1', 'web 4 again')].sort()
    for (const image of twice) {
      await share('eu-west-1', image, stage)
      await tag(stage.in('eu-west-1'), image, commits[3]!)
    }
    const { ports, screen } = world()
    assert.equal(await follow(settings, ports), 1)
    assert.ok(screen().includes(`2 images carry Commit=${commits[3]}: ${twice.join(', ')}`), screen())
    assert.deepEqual(await runningIn(stage.in('eu-west-1')), [[images['web 3'], commits[2]]])
  })
})
