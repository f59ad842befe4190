import assert from 'node:assert/strict'
import { writeManifest } from '../../../scripts/core/manifest/manifest.ts'
import { openGitHub } from '../../support/hosts/github.ts'
import { failureOf } from '../../support/failure.ts'
import { branch, consumerWorld, first, manifestOf, name, second, token, type ConsumerWorld } from './world.ts'

const path = 'manifests/images.json'
const now = writeManifest(manifestOf(second))

describe('document, while others push', function () {
  this.timeout(60_000)
  let world: ConsumerWorld
  let github: Awaited<ReturnType<typeof openGitHub>>
  const open = () => github.pulls.filter(({ state }) => state === 'open')

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

  /** Answers every question with yes, and does something of others first. */
  const answering = (before: () => Promise<unknown>) => {
    const ports = world.portsFor([])
    return { ...ports.terminal, confirm: () => before().then(() => true) }
  }

  it('begins again with what somebody pushed while it looked, and takes nothing of that away (B02)', async () => {
    await world.run()
    world.publish([second[0], first[1]])
    const pushed: string[] = []
    const terminal = answering(async () => {
      if (pushed.length < 2)
        pushed.push(await world.repository.commit(branch, { 'NOTES.md': `${pushed.length}\n` }, 'Note'))
    })
    assert.equal((await world.run({ terminal })).code, 0)
    assert.deepEqual(
      terminal.said.filter((line) => line.startsWith('Somebody')),
      Array<string>(2).fill(`Somebody else pushed to ${branch} of ${name} meanwhile: looking at it again`),
    )
    assert.equal(await world.repository.git(['rev-parse', `${branch}^`]), pushed[1])
    assert.equal(await world.repository.git(['rev-parse', `${branch}^^`]), pushed[0])
    assert.equal(await world.repository.textOf(branch, path), writeManifest(manifestOf([second[0], first[1]])))
    assert.deepEqual([github.pulls.length, open().length], [1, 1])
  })

  it('stops at what they said of the images, and gives up on a branch that never stands still', async () => {
    await world.run()
    world.publish([second[0], first[1]])
    let hers = ''
    const push = async (files: Readonly<Record<string, string>>): Promise<void> => {
      hers = await world.repository.commit(branch, files, 'Mine')
    }
    let count = 0
    const restless = answering(() => push({ 'NOTES.md': `${(count += 1)}\n` }))
    assert.match((await failureOf(world.run({ terminal: restless }))).message, /meanwhile, each of the 3 times/)
    assert.deepEqual([count, await world.repository.tip(branch)], [3, hers])
    const others = answering(() => push({ [path]: writeManifest(manifestOf(first)) }))
    assert.match(
      (await failureOf(world.run({ terminal: others }))).message,
      /Somebody else changed manifests\/images\.json/,
    )
    assert.equal(await world.repository.tip(branch), hers)
  })

  it('comes to one branch and one request where two run at once', async () => {
    const both = await Promise.all([world.run(), world.run()])
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    )
    assert.equal(await world.repository.textOf(branch, path), now)
    assert.equal((await world.repository.log(branch)).length, 2)
    assert.equal(open().length, 1)
  })
})
