import assert from 'node:assert/strict'
import { publishVerb, planPublishVerb } from '../../../scripts/actions/restoration/publish-verbs.ts'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { failureOf } from '../../support/failure.ts'
import { settings, twoAccounts, world } from '../distribution/world.ts'

const file = 'manifests/images.json'
const { IMAGE: _image, IMAGE_ID: _id, ...riglet } = settings
const reverted = { ...riglet, MANIFEST: file }

/** Everything is published as the manifest says; no candidate or pipeline is asked for after that. */
const published = async () => {
  const all = world(
    twoAccounts,
    Array.from({ length: 8 }, () => 'yes'),
  )
  assert.equal(await replicate(settings, all.ports), 0)
  assert.equal(await publish(settings, all.ports), 0)
  const copies = [...all.places.held.values()].filter(({ token }) => token !== '')
  return { ...all, copies, text: all.files.content.get(file)! }
}

describe('publish, of what a manifest says', () => {
  it('brings back what was unshared, disabled, deprecated and left open to deregistration (G22)', async () => {
    const { ports, places, copies, files, text, screen } = await published()
    const [one, other] = copies as [(typeof copies)[number], (typeof copies)[number]]
    const deprecation = one.facts.deprecation!
    one.facts = { ...one.facts, state: 'disabled', protected: false, deprecation: '2026-02-01T09:00:00.000Z' }
    one.shared = []
    other.shared = []
    assert.equal(await planPublishVerb(reverted, ports), 0)
    assert.match(screen(), /enable; protect from deregistration; deprecate at\s+\S+; share with\s+333333333333/)
    assert.equal(await publishVerb(reverted, ports), 0, screen())
    assert.deepEqual(
      copies.map(({ facts, shared }) => [facts.state, facts.protected, shared]),
      copies.map(() => ['available', true, ['333333333333']]),
    )
    assert.equal(Date.parse(one.facts.deprecation!), Date.parse(deprecation))
    assert.equal(files.content.get(file), text)
    const calls = places.calls.length
    assert.equal(await publishVerb(reverted, ports), 0)
    assert.match(screen(), /^web: nothing to do$/)
    assert.ok(places.calls.slice(calls).every((call) => /^(?:describe|sharedWith) /.test(call)))
  })

  it('names what is gone and what it can be made of again, and brings the rest back (G22, B02)', async () => {
    const { ports, places, copies, terminal, text, files } = await published()
    const [one, other] = copies as [(typeof copies)[number], (typeof copies)[number]]
    places.held.delete(one.facts.id)
    other.shared = []
    assert.equal(await publishVerb(reverted, ports), 1)
    assert.deepEqual(other.shared, ['333333333333'])
    const said = terminal.shown.join('\n').replaceAll(/\s+/g, ' ')
    assert.ok(
      said.includes(
        `${one.facts.id} is gone; its candidate ami-00000001 is there: make replicate IMAGE=web IMAGE_ID=ami-00000001`,
      ),
      said,
    )
    assert.equal(files.content.get(file), text)
  })

  it('names the copy that is left where the candidate is gone, too', async () => {
    const { ports, places, copies, screen } = await published()
    places.held.delete(copies[0]!.facts.id)
    places.held.delete('ami-00000001')
    assert.equal(await planPublishVerb(reverted, ports), 1)
    const { id, region } = copies[1]!.facts
    assert.ok(
      screen().replaceAll(/\s+/g, ' ').includes(`${id} in ${region} is the same image, and can be copied`),
      screen(),
    )
  })

  it('takes another file, and writes the manifest once all of it holds (B03)', async () => {
    const { ports, files, text } = await published()
    files.content.set('old.json', text)
    files.content.delete(file)
    assert.equal(await publishVerb({ ...riglet, MANIFEST: 'old.json' }, ports), 0)
    assert.equal(files.content.get(file), text)
  })

  it('takes no image for another one, whatever was written by hand', async () => {
    const { ports, files, text, screen } = await published()
    files.content.set(file, text.replaceAll('1.4.2-9f3c2e1a', '9.9.9-9f3c2e1a'))
    assert.equal(await planPublishVerb(reverted, ports), 1)
    assert.match(
      screen().replaceAll(/\s+/g, ' '),
      /is acme-shop\/web\/1\.4\.2-9f3c2e1a of x86_64, and the manifest calls it/,
    )
  })

  it('publishes no revoked image again, and says why it is one (B13, G22)', async () => {
    const { ports, places, screen } = await published()
    for (const one of places.held.values())
      one.facts = { ...one.facts, tags: { ...one.facts.tags, Revoked: 'by hand', RevokedReason: 'CVE-2026-1234' } }
    assert.equal(await planPublishVerb(reverted, ports), 1)
    assert.match(screen().replaceAll(/\s+/g, ' '), /ami-\w+ is revoked CVE-2026-1234/)
  })

  it('refuses images that images.yaml does not name, and a publication of nothing', async () => {
    const { ports, files, text } = await published()
    files.content.set(file, text.replace('"web"', '"other"'))
    assert.match((await failureOf(publishVerb(reverted, ports))).message, /has images that .* does not name: other\.$/)
    assert.throws(() => publishVerb(riglet, ports), /IMAGE is missing/)
  })
})
