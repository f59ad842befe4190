import assert from 'node:assert/strict'
import { failureOf } from '../../support/failure.ts'
import { consumerWorld, second, type ConsumerWorld } from './world.ts'

const path = 'manifests/images.json'

describe('document, of what is not published', function () {
  this.timeout(60_000)
  let world: ConsumerWorld

  beforeEach(async () => {
    world = await consumerWorld()
    world.consumer('  host: git\n')
    world.publish(second)
  })
  afterEach(() => world.end())

  const retag = (tags: Readonly<Record<string, string>>): void => {
    const held = world.places.held.get(second[0])!
    held.facts = { ...held.facts, tags }
  }

  it('is refused before anything was published (G30)', async () => {
    world.unpublish()
    const { message, remedy } = await failureOf(world.run())
    assert.equal(message, `There is no ${path}: nothing was published yet.`)
    assert.match(remedy, /First: make publish IMAGE=/)
    assert.equal(world.server.asked.length, 0)
  })

  it('is refused where publish does not stand behind what the manifest says (G30)', async () => {
    const gone = 'ami-0fffffff'
    world.publish([second[0], gone])
    retag({})
    assert.equal(
      (await failureOf(world.run())).message,
      `${path} says what is not published:\n` +
        `  web eu-west-1 x86_64: ${gone} is not there any more\n` +
        `  web us-east-1 x86_64: ${second[0]} was never published: it has no tag Published`,
    )
    assert.equal(world.server.asked.length, 0)
  })

  it('is refused where an image was revoked since, naming why (B13)', async () => {
    world.publish(second)
    retag({ Published: '2026-01-01T00:00:00Z', Revoked: 'by hand', RevokedReason: 'CVE-2026-1234' })
    assert.match((await failureOf(world.run())).message, new RegExp(`: ${second[0]} is revoked CVE-2026-1234$`, 'm'))
  })
})
