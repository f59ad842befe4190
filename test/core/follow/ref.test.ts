import assert from 'node:assert/strict'
import { commitOfRef, namesOf } from '../../../scripts/core/follow/ref.ts'

const url = 'https://github.com/acme/shop.git'
const [one, other] = ['9f3c2e1a'.repeat(5), '4d1a90bc'.repeat(5)]
const has = (names: Readonly<Record<string, string>>): ReadonlyMap<string, string> => new Map(Object.entries(names))

describe('what a ref names', () => {
  it('is a branch or a tag of the repository (A09)', () => {
    assert.deepEqual(namesOf('main'), ['refs/heads/main', 'refs/tags/main'])
    assert.deepEqual(commitOfRef('main', url, has({ 'refs/heads/main': one })), { type: 'commit', commit: one })
    assert.deepEqual(commitOfRef('v1.4.2', url, has({ 'refs/tags/v1.4.2': other })), { type: 'commit', commit: other })
  })

  it('is a commit, which no repository has to be asked for (A13)', () => {
    assert.deepEqual(namesOf(one), [])
    assert.deepEqual(commitOfRef(one, url, new Map()), { type: 'commit', commit: one })
  })

  it('is nothing where a branch and a tag have that name, until it says which', () => {
    const both = has({ 'refs/heads/stable': one, 'refs/tags/stable': other })
    assert.deepEqual(commitOfRef('stable', url, both), {
      type: 'fault',
      why: `${url} has a branch and a tag stable: say refs/heads/stable or refs/tags/stable`,
    })
    assert.deepEqual(namesOf('refs/tags/stable'), ['refs/tags/stable'])
    assert.deepEqual(commitOfRef('refs/tags/stable', url, both), { type: 'commit', commit: other })
  })

  it('is a fault where the repository has nothing of that name', () => {
    assert.deepEqual(commitOfRef('gone', url, new Map()), { type: 'fault', why: `${url} has no branch or tag gone` })
    assert.deepEqual(commitOfRef('9f3c2e1', url, new Map()), {
      type: 'fault',
      why: `${url} has no branch or tag 9f3c2e1; a commit is named by all its 40 digits`,
    })
  })
})
