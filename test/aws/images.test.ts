import assert from 'node:assert/strict'
import { makeImages } from '../../scripts/aws/images.ts'
import { fakeSdk, onePage } from '../fakes/sdk.ts'

const count = 2500
const held = Array.from({ length: count }, (_, index) => ({ ImageId: `ami-${index}`, Description: 'x' }))
const ids = held.map(({ ImageId }) => ImageId)

type Asked = { readonly Filters?: readonly { readonly Values: readonly string[] }[]; readonly MaxResults?: number }

/** EC2 with many images, of which a filter by id chooses. */
function manyImages() {
  const client = fakeSdk({
    DescribeImages: ({ NextToken, ...asked }) => {
      const { Filters = [], MaxResults = count } = asked as Asked
      const wanted = Filters.length === 0 ? held : held.filter(({ ImageId }) => Filters[0]!.Values.includes(ImageId))
      const { items, ...page } = onePage(wanted, MaxResults, NextToken)
      return { Images: items, ...page }
    },
  })
  return { client, port: makeImages({ region: 'eu-west-1' }, client as never) }
}

describe('images, as EC2 tells them', () => {
  it('come in pages of a thousand, a call for each page and none for any single image (G24)', async () => {
    const { client, port } = manyImages()
    const found = await port.owned({})
    assert.deepEqual(
      found.map(({ id }) => id),
      ids,
    )
    assert.deepEqual(
      client.sent.map(({ name, input }) => [name, input['MaxResults'], input['NextToken']]),
      [
        ['DescribeImages', 1000, undefined],
        ['DescribeImages', 1000, '1000'],
        ['DescribeImages', 1000, '2000'],
      ],
    )
  })

  it('are asked for by id two hundred at a time, as a filter takes them, in pages, too', async () => {
    const { client, port } = manyImages()
    const found = await port.describe([...ids.slice(0, 450), 'ami-gone'])
    assert.equal(found.length, 450)
    // By ImageIds one that is gone would end it for all, and EC2 gives no pages.
    assert.deepEqual(
      client.sent.map(({ input }) => [(input as Asked).Filters![0]!.Values.length, input['MaxResults']]),
      [
        [200, 1000],
        [200, 1000],
        [51, 1000],
      ],
    )
    assert.ok(client.sent.every(({ input }) => input['ImageIds'] === undefined))
    assert.deepEqual(await port.describe([]), [])
    assert.equal(client.sent.length, 3)
  })
})
