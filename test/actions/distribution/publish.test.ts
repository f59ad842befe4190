import assert from 'node:assert/strict'
import { planPublish, publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { readManifest } from '../../../scripts/core/manifest/read-manifest.ts'
import { name, settings, threeRegions, twoAccounts, world } from './world.ts'

const file = 'manifests/images.json'
const openly = threeRegions.replace('encryption: false', 'public: true')
const denied = accessDenied('no right to share', new Error('x'))

const replicated = async (yaml: string) => {
  const all = world(yaml)
  assert.equal(await replicate(settings, all.ports), 0)
  return all
}

describe('publish', () => {
  it('shows whom it would let in, and what consumers would get (G15)', async () => {
    const { ports, places, files, screen } = await replicated(twoAccounts)
    assert.equal(await planPublish(settings, ports), 0)
    assert.match(
      screen(),
      /^ {2}~ 222222222222 eu-west-1 {2}protect from deregistration; tag Published;\n +deprecate at 2026-03-03T08:0\d:00Z; share with\n? *333333333333$/m,
    )
    assert.match(screen(), /^manifests\/images\.json\n {2}\+ {2}web {2}eu-west-1 {2}x86_64 {2}ami-c0000002$/m)
    assert.ok(
      screen()
        .split('\n')
        .every((line) => line.length <= 80),
      screen(),
    )
    assert.equal(places.count('protect'), 0)
    assert.equal(files.content.has(file), false)
  })

  it('shares, deprecates, protects, reads all of it again, and then writes the manifest (G15, G16, B03)', async () => {
    const { ports, places, files, screen } = await replicated(twoAccounts)
    const reads = places.count('named')
    assert.equal(await publish(settings, ports), 0)
    assert.equal(places.count('named') - reads, 4)
    const manifest = await readManifest(files.content.get(file)!)
    const [entry] = manifest['web']!['eu-west-1']!
    assert.match(entry!.deprecation_time!, /^2026-03-03T08:0\d:00Z$/)
    assert.deepEqual([entry!.name, entry!.public, entry!.architecture], [name, false, 'x86_64'])
    const held = places.held.get(entry!.id)!
    assert.deepEqual([held.facts.protected, held.shared], [true, ['333333333333']])
    assert.match(screen(), /^ {2}222222222222 us-east-1 +done +ami-c000000\d$/m)
  })

  it('makes public what is to be public (G15)', async () => {
    const { ports, places, files } = await replicated(openly)
    assert.equal(await publish(settings, ports), 0)
    const manifest = await readManifest(files.content.get(file)!)
    assert.deepEqual(Object.keys(manifest['web']!), ['ap-south-1', 'eu-west-1', 'us-east-1'])
    for (const [entry] of Object.values(manifest['web']!)) {
      assert.equal(entry!.public, true)
      assert.equal(places.held.get(entry!.id)!.facts.public, true)
    }
    // At home it is the candidate itself.
    assert.equal(manifest['web']!['us-east-1']![0]!.id, 'ami-00000001')
  })

  it('does nothing the second time', async () => {
    const { ports, places, files, terminal, screen } = await replicated(twoAccounts)
    await publish(settings, ports)
    const [text, before, asked] = [files.content.get(file), places.calls.length, terminal.asked.length]
    assert.equal(await publish(settings, ports), 0)
    assert.equal(screen(), 'web: nothing to do')
    assert.deepEqual([files.content.get(file), terminal.asked.length], [text, asked])
    assert.ok(places.calls.slice(before).every((call) => /^(?:describe|named|sharedWith|readersOf) /.test(call)))
  })

  it('refuses before the first step where a region has no copy yet', async () => {
    const { ports, places, files } = world(threeRegions)
    await assert.rejects(publish(settings, ports), {
      code: 'IMAGE',
      message:
        'web cannot be published:\n' +
        '  eu-west-1: it is not replicated here yet: make replicate IMAGE=web\n' +
        '  ap-south-1: it is not replicated here yet: make replicate IMAGE=web',
    })
    assert.equal(places.count('protect'), 0)
    assert.equal(files.content.has(file), false)
  })

  it('leaves the manifest alone while one region does not hold, and goes on later (B02, B03)', async () => {
    const { ports, places, files, terminal } = await replicated(openly)
    places.fail('111111111111 eu-west-1', 'makePublic', denied)
    assert.equal(await publish(settings, ports), 1)
    assert.equal(files.content.has(file), false)
    assert.ok(terminal.said.includes(`${file} stays as it is: eu-west-1 does not hold what was asked for.`))
    assert.equal(places.count('makePublic'), 3)
    assert.equal(await publish(settings, ports), 0)
    assert.equal(places.count('makePublic'), 4)
    assert.deepEqual(Object.keys((await readManifest(files.content.get(file)!))['web']!).length, 3)
  })

  it('believes no answer but what it reads again (B03)', async () => {
    const { ports, places, files } = await replicated(openly)
    const at: typeof ports.at = (target) => {
      const there = places.at(target)
      return { ...there, publishing: { ...there.publishing, makePublic: () => Promise.resolve() } }
    }
    assert.equal(await publish(settings, { ...ports, at }), 1)
    assert.equal(files.content.has(file), false)
  })

  it('leaves it alone, too, where a region cannot be read any more', async () => {
    const { ports, places, files } = await replicated(twoAccounts)
    places.fail('222222222222 eu-west-1', 'named', denied, 2)
    assert.equal(await publish(settings, ports), 1)
    assert.equal(files.content.has(file), false)
  })

  it('says that an account blocks public images, before anything is done', async () => {
    const { ports, places } = await replicated(openly)
    places.blocked.add('111111111111 eu-west-1')
    await assert.rejects(publish(settings, ports), /eu-west-1: eu-west-1 blocks public sharing of images/)
    assert.equal(places.count('makePublic'), 0)
  })

  it('keeps other images of the manifest as they are', async () => {
    const { ports, files } = await replicated(threeRegions)
    const other = { architecture: 'x86_64', deprecation_time: null, id: 'ami-00000009', name: 'other', public: true }
    files.content.set(file, JSON.stringify({ other: { 'us-east-1': other } }))
    assert.equal(await publish(settings, ports), 0)
    assert.deepEqual((await readManifest(files.content.get(file)!))['other'], { 'us-east-1': [other] })
  })

  it('stops at a manifest that a merge left unfinished, before AWS is asked for a change', async () => {
    const { ports, places, files } = await replicated(threeRegions)
    files.content.set(file, '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n')
    await assert.rejects(publish(settings, ports), /a merge was not finished/)
    assert.equal(places.count('protect'), 0)
  })
})
