import assert from 'node:assert/strict'
import { writeManifest } from '../../../scripts/core/manifest/manifest.ts'
import { ada } from '../../support/git-repository.ts'
import { openGitHub } from '../../support/hosts/github.ts'
import { failureOf } from '../../support/failure.ts'
import { branch, consumerWorld, first, manifestOf, name, second, token, type ConsumerWorld } from './world.ts'

const path = 'manifests/images.json'
const now = writeManifest(manifestOf(second))

describe('document, to a repository on GitHub', function () {
  this.timeout(60_000)
  let world: ConsumerWorld
  let github: Awaited<ReturnType<typeof openGitHub>>
  const open = () => github.pulls.filter(({ state }) => state === 'open')
  const changes = () => github.calls.filter(({ method }) => method !== 'GET').length

  beforeEach(async () => {
    world = await consumerWorld()
    github = await openGitHub(world.repository, name, token)
    world.consumer(`  host: github\n  api: ${github.url}\n`)
    world.publish(second)
  })
  afterEach(async () => {
    await github.close()
    await world.end()
  })

  it('shows what would be proposed, and changes nothing (G17)', async () => {
    const { code, screen } = await world.plan()
    const main = await world.repository.tip('main')
    assert.equal(code, 0)
    assert.equal(
      screen,
      [
        'acme/infrastructure  riglet/acme-shop -> main',
        '',
        path,
        '  ~  web  eu-west-1  x86_64  ami-00000002 -> ami-00000004',
        '  ~  web  us-east-1  x86_64  ami-00000001 -> ami-00000003',
        '',
        `  + branch riglet/acme-shop: a commit on main at ${main!.slice(0, 10)}`,
        '  + pull request: Use the images that acme-shop published: web',
      ].join('\n'),
    )
    assert.deepEqual([await world.repository.branches(), changes()], [['main'], 0])
  })

  it('is asked as GitHub describes, and proposes the manifest as one commit, which changes that file alone (G16, G17)', async () => {
    const { code, screen } = await world.run()
    assert.equal(code, 0)
    assert.match(screen, /^https:\/\/github\.com\/acme\/infrastructure\/pull\/7$/m)
    assert.equal(await world.repository.textOf(branch, path), now)
    assert.deepEqual(await world.repository.log(branch), ['Use the images that acme-shop published: web', 'Begin'])
    assert.equal(await world.repository.git(['diff', '--name-only', 'main', branch]), path)
    const [{ title, body, base, head }] = open() as [ReturnType<typeof open>[number]]
    assert.deepEqual([title, base, head], ['Use the images that acme-shop published: web', 'main', branch])
    assert.ok(body.includes('| web | eu-west-1 | x86_64 | ami-00000002 | ami-00000004 |'), body)
  })

  it('leaves a trail in git: each commit says which image took the place of which (G23)', async () => {
    await world.run()
    const message = await world.repository.git(['log', '-1', '--format=%B', branch])
    assert.match(message, /^web eu-west-1 x86_64: ami-00000002 -> ami-00000004$/m)
    const author = await world.repository.git(['log', '-1', '--format=%an', branch])
    assert.equal(author, 'riglet')
  })

  it('does nothing the second time, and says where the request is', async () => {
    await world.run()
    const before = [await world.repository.tip(branch), changes()]
    const { code, screen, asked } = await world.run()
    assert.deepEqual([code, asked.length], [0, 0])
    assert.equal(screen, 'acme/infrastructure: nothing to do, https://github.com/acme/infrastructure/pull/7')
    assert.deepEqual([await world.repository.tip(branch), changes()], before)
  })

  it('changes nothing when the answer is no', async () => {
    assert.equal((await world.run({}, ['no'])).code, 0)
    assert.deepEqual([await world.repository.branches(), changes()], [['main'], 0])
  })

  it('brings the same branch and request up to date when something else is published, as one commit (G17)', async () => {
    world.publish([second[0], first[1]])
    await world.run()
    world.publish(second)
    const { screen } = await world.run()
    assert.match(screen, /^ {2}~ branch riglet\/acme-shop: another commit on main at /m)
    assert.match(screen, /^ {2}~ pull request 7: /m)
    assert.equal(await world.repository.textOf(branch, path), now)
    assert.equal((await world.repository.log(branch)).length, 2)
    assert.equal(github.pulls.length, 1)
    assert.ok(open()[0]!.body.includes('ami-00000004'))
  })

  it('leaves words that people added to the request', async () => {
    await world.run()
    open()[0]!.title = 'Ours now'
    open()[0]!.body += '\nAda: looks good.\n'
    assert.match((await world.run()).screen, /nothing to do/)
    assert.match(open()[0]!.body, /Ada: looks good/)
  })

  it('goes on what the base branch says by now, when that moved on', async () => {
    await world.run()
    const moved = await world.repository.commit('main', { 'README.md': 'Ours, and more.\n' }, 'More')
    const { screen } = await world.run()
    assert.ok(screen.includes(`the commit goes on main at ${moved.slice(0, 10)}, which moved on`), screen)
    assert.deepEqual(await world.repository.log(branch), [
      'Use the images that acme-shop published: web',
      'More',
      'Begin',
    ])
    assert.equal(github.pulls.length, 1)
  })

  it('puts its commit behind those that others added to its branch', async () => {
    await world.run()
    const hers = await world.repository.commit(branch, { 'NOTES.md': 'Note.\n' }, 'Take note')
    world.publish([second[0], first[1]])
    const { screen } = await world.run()
    assert.match(screen, /one more commit, after those of others, on [0-9a-f]{10}$/m)
    assert.equal(await world.repository.git(['rev-parse', `${branch}^`]), hers)
    assert.equal(await world.repository.textOf(branch, path), writeManifest(manifestOf([second[0], first[1]])))
  })

  it('stops at what somebody else says of the images on its branch, naming the commit and who wrote it', async () => {
    await world.run()
    const hers = await world.repository.commit(branch, { [path]: writeManifest(manifestOf(first)) }, 'Not these')
    const { code, message, remedy } = await failureOf(world.run())
    assert.equal(code, 'REPOSITORY')
    assert.equal(
      message,
      `Somebody else changed ${path} on the branch ${branch} of ${name}:\n` +
        `  ${hers.slice(0, 10)} by ${ada.name} <${ada.email}>: Not these`,
    )
    assert.match(remedy, /Merge the request, or take that commit off the branch/)
    assert.equal(await world.repository.tip(branch), hers)
  })

  it('takes a commit of its own that somebody amended as theirs', async () => {
    await world.run()
    const message = await world.repository.git(['log', '-1', '--format=%B', branch])
    const other = { [path]: writeManifest(manifestOf([first[0], second[1]])) }
    const on = await world.repository.git(['rev-parse', `${branch}^`])
    const hers = await world.repository.commit(branch, other, message, { on })
    assert.match((await failureOf(world.run())).message, new RegExp(`${hers.slice(0, 10)} by Ada`))
    assert.equal(await world.repository.tip(branch), hers)
  })

  it('says so when its request was merged, and clears its branch away', async () => {
    await world.run()
    await world.repository.git(['update-ref', 'refs/heads/main', branch])
    open()[0]!.state = 'closed'
    const { screen } = await world.run()
    assert.match(screen, /^ {2}- branch riglet\/acme-shop: main says all of it already$/m)
    assert.deepEqual(await world.repository.branches(), ['main'])
    assert.equal((await world.run()).screen, 'acme/infrastructure: nothing to do')
  })

  it('takes its request back when what was published goes back to what consumers have', async () => {
    await world.run()
    world.publish(first)
    const { screen } = await world.run()
    assert.match(screen, /^ {2}- pull request 7: main says all of it already$/m)
    assert.deepEqual([open().length, await world.repository.branches()], [0, ['main']])
  })

  it('replaces what is no manifest, and says what was wrong with it', async () => {
    await world.repository.commit('main', { [path]: '<<<<<<< HEAD\n{}\n' }, 'Oh')
    const { screen } = await world.run()
    assert.match(screen, /^note: what stands there is no manifest, and is replaced: /m)
    assert.equal(await world.repository.textOf(branch, path), now)
  })

  it('comes to the same end, and to one request, wherever it is killed (B02)', async () => {
    for (const last of ['commit', 'push', 'open'] as const) {
      const ports = world.portsFor(['yes'])
      const killed = new Error('killed')
      const inClone: typeof ports.proposals.inClone = (destination, work) =>
        ports.proposals.inClone(destination, (clone) =>
          work({
            ...clone,
            commit: async (...asked) => {
              const id = await clone.commit(...asked)
              if (last === 'commit') throw killed
              return id
            },
            push: async (...asked) => {
              const said = await clone.push(...asked)
              if (last === 'push') throw killed
              return said
            },
          }),
        )
      if (last === 'open') github.fail('POST', 'dropped')
      const run = world.run(last === 'open' ? {} : { proposals: { ...ports.proposals, inClone } })
      if (last !== 'open') assert.equal(await failureOf(run), killed)
      else await run
    }
    await world.run()
    assert.equal(await world.repository.textOf(branch, path), now)
    assert.deepEqual([github.pulls.length, open().length], [1, 1])
  })
})
