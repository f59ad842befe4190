import assert from 'node:assert/strict'
import { RigletError } from '../../../scripts/core/errors.ts'
import { feedSchema } from '../../../scripts/core/manifest/feed-schema.ts'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'

const url = 'https://packages.example.com/el/9/$basearch/'
const feedOf = (...lines: readonly string[]) =>
  readDesired(['images:', '  runner:', '    feed:', ...lines.map((line) => `      ${line}`), ''].join('\n')).images[
    'runner'
  ]?.feed

const faultsOf = (...lines: readonly string[]): readonly string[] => {
  try {
    feedOf(...lines)
    return []
  } catch (error) {
    assert.ok(error instanceof RigletError, String(error))
    return error.message.split('\n').filter((line) => line.includes('images.yaml:'))
  }
}

describe('the feed of an image in images.yaml', () => {
  it('needs only an address; all else has its default (S03)', () => {
    assert.deepEqual(feedOf(`url: ${url}`), {
      kind: 'yum',
      url,
      product: 'runner',
      major: undefined,
      key: undefined,
      distribution: './',
      component: 'main',
      bases: ['debian-12'],
    })
  })

  it('describes each of its values to editors, with defaults (S03)', () => {
    const { properties } = feedSchema as { properties: Record<string, { description?: string; default?: unknown }> }
    for (const [name, { description }] of Object.entries(properties)) assert.ok(description, name)
    assert.deepEqual(properties['bases']?.default, ['debian-12'])
  })

  it('takes several bases, and says which there are (S10)', () => {
    assert.deepEqual(feedOf(`url: ${url}`, 'bases: [debian-12, debian-13]')?.bases, ['debian-12', 'debian-13'])
    assert.match(
      faultsOf(`url: ${url}`, 'bases: [beos]')[0]!,
      /:5:15: runner\.feed\.bases\.0: "beos" is not debian-12, /,
    )
  })

  it('names every fault at once, with its place', () => {
    const faults = faultsOf('url: ftp://a/', 'product: "$(id)"', 'major: 17', 'key: ../key.asc', 'size: 1')
    assert.equal(faults.length, 5)
    assert.match(faults.join('\n'), /feed\.url: "ftp:\/\/a\/" is not the address of a repository/)
    assert.match(faults.join('\n'), /feed\.product: "\$\(id\)" is not the name of a package/)
    assert.match(faults.join('\n'), /feed\.major: 17 is not the first number of versions.*in quotes/)
    assert.match(faults.join('\n'), /size is not known here/)
  })

  it('refuses what goes with no repository of its kind, and passwords', () => {
    assert.match(
      faultsOf(`url: ${url}`, 'kind: yum-index', 'key: a.asc')[0]!,
      /feed\.key: a page of links is signed by nobody/,
    )
    assert.match(faultsOf(`url: ${url}`, 'component: main')[0]!, /feed\.component: only APT has it/)
    assert.match(faultsOf(`url: ${url}`, 'kind: apt')[0]!, /feed\.url: of APT it has no \$basearch/)
    assert.match(faultsOf('url: https://user:word@a.example/')[0]!, /without user and password/)
    assert.match(faultsOf('kind: yum')[0]!, /runner\.feed has no url/)
  })
})
