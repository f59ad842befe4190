import assert from 'node:assert/strict'
import { showDrift } from '../../../scripts/actions/drift/show-drift.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { home, id, old, settings, tagged, twoAccounts, world, type Start } from '../cleaning/world.ts'

const denied = accessDenied('no right to look', new Error('x'))

/** A manifest's entry as publish writes it. */
const entry = (image: string, more: object = {}) => ({
  ...{ architecture: 'x86_64', deprecation_time: null, id: image, name: `acme-shop/web/${image}`, public: false },
  ...more,
})
const published = (image: string, more: object = {}): string =>
  JSON.stringify({ web: { 'us-east-1': entry(image, more) } })
const release = (name: string, image: string, time = '2026-05-01T00:00:00Z', more: object = {}) => ({
  ...tagged(name, [], time),
  text: published(image, more),
})

/** `manifests/images.json` names the first image, v1.0 the second one, if there is no other. */
const begin = (images = [old(id(1)), old(id(2))], more: Start = {}) =>
  world(images, {
    yaml: 'images:\n  web: {}\n',
    current: published(id(1)),
    history: { complete: true, versions: [release('v1.0', id(2))] },
    ...more,
  })

async function drift({ ports, screen }: ReturnType<typeof begin>) {
  const code = await showDrift(settings, ports)
  return { code, text: screen() }
}

describe('drift of published images', () => {
  it('is none where every manifest, of every tag, is as EC2 has it (B06, G24)', async () => {
    const { code, text } = await drift(begin())
    assert.equal(code, 0, text)
    assert.match(text, /^in sync: 2 checked\n\nimages {2}in sync$/)
  })

  it('is an image that a tag names and that is gone, disabled or another account’s secret (B06, G24)', async () => {
    const gone = await drift(begin([old(id(1))]))
    assert.equal(gone.code, 2)
    assert.match(
      gone.text,
      /^! ami-00000002 \(web x86_64 in us-east-1\)\n {4}is not there, or may not be used, though the manifest of v1.0 names it\n {4}expected {2}available\n {4}actual {4}no such image$/m,
    )
    const disabled = await drift(begin([old(id(1), { state: 'disabled' }), old(id(2))]))
    assert.match(disabled.text, /cannot be launched from, though manifests\/images.json names it[^]*actual {4}disabled/)
    assert.equal(disabled.code, 2)
  })

  it('is one that is not as public, as deprecated or as shared as it should be (B06)', async () => {
    const current = published(id(1), { public: true, deprecation_time: '2026-12-24T18:00:00Z' })
    const { code, text } = await drift(begin(undefined, { current }))
    assert.equal(code, 2)
    assert.match(text, /is not as open as it should be[^]*expected {2}public\n {4}actual {4}not public/)
    assert.match(text, /is deprecated at another time[^]*expected {2}2026-12-24T18:00:00.000Z\n {4}actual {4}never/)
    const yaml = 'accounts:\n  customer: { account: "333333333333" }\nimages:\n  web: { shareWith: [customer] }\n'
    const all = begin(undefined, { yaml })
    assert.match((await drift(all)).text, /expected {2}shared with 333333333333\n/)
    all.places.held.get(id(1))!.shared.push('333333333333')
    assert.equal((await drift(all)).code, 0)
  })

  it('is none of an image that was revoked, and so withdrawn, but is told', async () => {
    const revoked = old(id(2), { tags: { Revoked: 'CVE-2026-1' } })
    const versions = [release('v1.0', id(2), '2026-05-01T00:00:00Z', { public: true })]
    const { code, text } = await drift(begin([old(id(1)), revoked], { history: { complete: true, versions } }))
    assert.equal(code, 0, text)
    assert.match(text, /^= ami-00000002 [^]*is revoked, though the manifest of v1.0 names it$/m)
  })

  it('expects of a public image of a tag no more than two years (G35)', async () => {
    const versions = [release('v0.1', id(9), '2024-01-01T00:00:00Z', { public: true })]
    const { code, text } = await drift(begin([old(id(1))], { history: { complete: true, versions } }))
    assert.equal(code, 0, text)
    assert.match(text, /^= ami-00000009 [^]*v0.1 is over two years old, and public\n? *images are kept no longer/m)
  })

  it('finds an image that another account shares with this one', async () => {
    const all = begin([old(id(1))])
    const at: typeof all.ports.at = (target) => {
      const there = all.places.at(target)
      const describe = () => Promise.resolve([old(id(2), { account: '999999999999' })])
      return { ...there, images: { ...there.images, describe } }
    }
    assert.equal((await drift({ ...all, ports: { ...all.ports, at } })).code, 0)
  })

  it('looks at the tags, too, where the checkout publishes nothing any more (G24)', async () => {
    const all = begin([old(id(1))])
    all.files.content.clear()
    assert.match((await drift(all)).text, /^! ami-00000002 /m)
  })

  for (const call of ['owned', 'instances', 'templates', 'allGroups', 'values'])
    it(`is unchecked where an account does not answer ${call}, never in sync (B06)`, async () => {
      const all = begin()
      all.places.fail(home, call, denied)
      const { code, text } = await drift(all)
      assert.equal(code, 3, text)
      assert.match(
        text,
        /^NOT ALL COULD BE CHECKED[^]*\? us-east-1\n {4}us-east-1 does not tell [^]*no\s+right to look/,
      )
      assert.doesNotMatch(text, /^!/m)
    })

  it('is unchecked where a tag’s manifest cannot be read, or not all tags are here (B06)', async () => {
    const versions = [{ ...tagged('v1.0', []), text: '{ "web": ' }]
    const broken = await drift(begin(undefined, { history: { complete: true, versions } }))
    assert.equal(broken.code, 3)
    assert.match(broken.text, /^\? manifests\/images.json of v1.0$/m)
    const shallow = await drift(begin(undefined, { history: { complete: false, versions: [] } }))
    assert.match(shallow.text, /^\? manifests\n {4}this clone is shallow/m)
    const yaml = 'images:\n  web: { public: perhaps }\n'
    assert.match((await drift(begin(undefined, { yaml }))).text, /^\? manifests\/images.yaml$/m)
  })

  it('names channels, launch templates, groups and instances on what nobody released, in every account (B07)', async () => {
    const images = [old(id(1)), old(id(2)), old(id(3)), old(id(4), { tags: { Project: 'other' } })]
    const all = begin(images, { yaml: twoAccounts })
    const { leaving } = all.places
    const there = '222222222222 us-east-1'
    const template = { id: 'lt-1', name: 'web', version: '7', isDefault: true }
    leaving.templates.push({ place: there, ...template, image: id(3) })
    leaving.groups.push({ place: there, name: 'pinned', launchTemplate: { id: 'lt-1', version: '5' } })
    leaving.groups.push({ place: there, name: 'newest', launchTemplate: { id: 'lt-1', version: '$Latest' } })
    leaving.olderVersions.set('lt-1 5', id(3))
    const ofHome = (name: string, image: string, more = {}) => ({ place: home, id: name, image, group: null, ...more })
    leaving.instances.push(ofHome('i-1', id(3)), ofHome('i-2', id(2)), ofHome('i-3', id(4)))
    leaving.instances.push(ofHome('i-4', id(3), { tags: { Builder: 'verify' } }))
    const value = { value: id(3), description: '', time: 0, tags: {} }
    all.places.parameters.set(`${home} /acme/shop/channel/stable/web/x86_64`, [value])
    const { code, text } = await drift(all)
    assert.equal(code, 2)
    assert.deepEqual([...text.matchAll(/^! (.*)$/gm)].map(([, subject]) => subject).sort(), [
      'channel stable/web/x86_64 in us-east-1',
      'group newest in 222222222222 us-east-1',
      'group pinned in 222222222222 us-east-1',
      'instance i-1 in us-east-1',
      'launch template web (lt-1), version 7, in 222222222222 us-east-1',
    ])
  })

  it('lists images that no manifest of any tag needs, which is no drift (G25)', async () => {
    const { code, text } = await drift(begin([old(id(1)), old(id(2)), old(id(3))]))
    assert.equal(code, 0)
    assert.match(
      text,
      /\n1 image that nothing refers to; make plan-clean-images tells more\n- ami-00000003 {2}us-east-1 {2}acme-shop\/web\/ami-00000003$/,
    )
  })

  it('lists none that EC2 itself says is referred to, nor where EC2 does not say (B08, G25)', async () => {
    const three = () => begin([old(id(1)), old(id(2)), old(id(3))])
    const referred = three()
    const by = 'arn:aws:ssm:us-east-1:1:parameter/theirs'
    referred.places.leaving.references.push({ place: home, image: id(3), by })
    const { code, text } = await drift(referred)
    assert.equal(code, 0, text)
    assert.doesNotMatch(text, /that nothing refers to/)
  })

  it('is expected until a day where expected-drift.yaml says so, and drift from then on (B06)', async () => {
    const expecting = async (until: string) => {
      const all = begin([old(id(1))])
      const text = `expected:\n  - { subject: "ami-00000002 *", until: ${until}, reason: withdrawn with v1.1 }\n`
      all.files.content.set('expected-drift.yaml', text)
      return drift(all)
    }
    const now = await expecting('2026-06-01')
    assert.equal(now.code, 0)
    assert.match(now.text, /^= ami-00000002 [^]*until\s+2026-06-01:\s+withdrawn\s+with\s+v1.1$/m)
    const past = await expecting('2026-05-31')
    assert.equal(past.code, 2)
    assert.match(past.text, /it was expected until 2026-05-31 only$/m)
  })
})
