import assert from 'node:assert/strict'
import { listAll, pagesOf } from '../../../scripts/aws/client/paged.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'

type Page = { readonly Items?: string[]; readonly NextToken?: string | undefined }

/** Answers with pages by the token that asks for them; the first has none. */
function service(pages: Readonly<Record<string, Page>>) {
  const asked: (string | undefined)[] = []
  const ask = (token: string | undefined): Promise<Page> => {
    asked.push(token)
    return Promise.resolve(pages[token ?? 'first'] ?? assert.fail(`nobody named the page ${token}`))
  }
  return { ask, asked }
}
const items = ({ Items }: Page): string[] | undefined => Items

describe('an answer in pages', () => {
  it('is read to its last page, in order, and asked for no more often', async () => {
    const { ask, asked } = service({
      first: { Items: ['a', 'b'], NextToken: 'two' },
      two: { Items: ['c'], NextToken: 'three' },
      three: { Items: ['d'] },
    })
    assert.deepEqual(await listAll(ask, items), ['a', 'b', 'c', 'd'])
    assert.deepEqual(asked, [undefined, 'two', 'three'])
  })

  it('is held no longer than a page as it came: each is read before the next one is asked for', async () => {
    const { ask, asked } = service({
      first: { Items: ['a'], NextToken: 'two' },
      two: { Items: ['b'], NextToken: 'three' },
      three: { Items: ['c'] },
    })
    const before: number[] = []
    await listAll(ask, (page) => {
      before.push(asked.length)
      return items(page)
    })
    assert.deepEqual(before, [1, 2, 3])
  })

  it('does not end at a page without items: only the token tells the last one', async () => {
    const { ask } = service({
      first: { NextToken: 'two' },
      two: { Items: [], NextToken: 'three' },
      three: { Items: ['a'] },
    })
    assert.deepEqual(await listAll(ask, items), ['a'])
  })

  it('is empty where its only page is', async () => {
    assert.deepEqual(await listAll(service({ first: {} }).ask, items), [])
  })

  it('ends with an empty token, too', async () => {
    const { ask, asked } = service({ first: { Items: ['a'], NextToken: '' } })
    assert.deepEqual(await listAll(ask, items), ['a'])
    assert.equal(asked.length, 1)
  })

  it('may name its next page in another field', async () => {
    const ask = (Marker: string | undefined): Promise<{ Rules: string[]; NextMarker?: string }> =>
      Promise.resolve(Marker === undefined ? { Rules: ['a'], NextMarker: 'two' } : { Rules: ['b'] })
    assert.deepEqual(await listAll(ask, ({ Rules }) => Rules, 'NextMarker'), ['a', 'b'])
    // @ts-expect-error -- it names none in NextToken, so everything behind its first page would be missed
    const missed = await listAll(ask, ({ Rules }) => Rules)
    assert.deepEqual(missed, ['a'])
  })

  it('is asked for no further than its reader goes', async () => {
    const { ask, asked } = service({
      first: { Items: ['a'], NextToken: 'two' },
      two: { Items: ['b'], NextToken: 'three' },
    })
    for await (const page of pagesOf(ask)) if (page.Items?.includes('b')) break
    assert.deepEqual(asked, [undefined, 'two'])
  })

  for (const [circle, last] of [
    ['leads to itself', 'two'],
    ['leads back to an earlier one', 'one'],
  ] as const)
    it(`is not read for ever where a page ${circle}, and never taken for whole`, async () => {
      const { ask, asked } = service({
        first: { Items: ['a'], NextToken: 'one' },
        one: { Items: ['b'], NextToken: 'two' },
        two: { Items: ['c'], NextToken: last },
      })
      await assert.rejects(listAll(ask, items), ({ code, message }: RigletError) => {
        assert.equal(code, 'AWS_REFUSED')
        assert.match(message, new RegExp(`in a circle: NextToken came twice \\(${last}\\)`))
        return true
      })
      assert.deepEqual(asked, [undefined, 'one', 'two'])
    })

  it('fails as soon as one of its pages does', async () => {
    const ask = (token: string | undefined): Promise<Page> =>
      token === undefined ? Promise.resolve({ Items: ['a'], NextToken: 'two' }) : Promise.reject(new Error('slower'))
    await assert.rejects(listAll(ask, items), /slower/)
  })
})
