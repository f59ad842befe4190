import assert from 'node:assert/strict'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { updateTracker } from '../../scripts/actions/tracker/update-tracker.ts'
import { makeDynamoTracker } from '../../scripts/aws/trackers/dynamodb.ts'
import { makeS3Tracker } from '../../scripts/aws/trackers/s3.ts'
import type { TrackerStore } from '../../scripts/core/ports/feeds/trackers.ts'
import { withBuilt } from '../../scripts/core/tracker/tracker.ts'
import { insideRehearsal } from './rehearsal.ts'

const region = 'us-east-1'
const name = 'trackers/shop/runner/main.txt'
const clock = { now: () => new Date(), sleep: () => new Promise<void>((done) => setImmediate(done)) }

describe('the stores of trackers', function () {
  this.timeout(120_000)
  const ground = insideRehearsal()

  /** `stale`: a token of what was there once, and is gone. */
  async function holds(store: TrackerStore, stale: string): Promise<void> {
    assert.equal(await store.read(name), undefined)
    assert.equal(await store.write(name, 'one', stale), 'conflict')
    assert.equal(await store.write(name, '# Built for main\n', undefined), 'written')
    assert.equal(await store.write(name, 'another', undefined), 'conflict')
    const first = await store.read(name)
    assert.equal(first?.text, '# Built for main\n')
    assert.equal(await store.write(name, '# Built for main\nrunner 1.0-1\n', first?.token), 'written')
    assert.equal(await store.write(name, 'late', first?.token), 'conflict')
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        updateTracker(
          { store, name, branch: 'main' },
          (kept) => withBuilt(kept!, [{ product: 'runner', version: `1.${index + 1}-1` }], 'yum'),
          { clock },
        ),
      ),
    )
    assert.equal((await store.read(name))?.text.split('\n').length, 1 + 9 + 1)
  }

  it('write on condition in S3, where nobody is lost (S04, S14)', async () => {
    await ground.aws.s3.send(new CreateBucketCommand({ Bucket: 'trackers' }))
    await holds(makeS3Tracker('trackers', { region }), '"0123456789abcdef0123456789abcdef"')
  })

  it('do so in DynamoDB as well (S22)', async () => {
    const dynamo = new DynamoDBClient({ region })
    await dynamo.send(
      new CreateTableCommand({
        TableName: 'Built',
        AttributeDefinitions: [{ AttributeName: 'Name', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'Name', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    )
    await holds(makeDynamoTracker('Built', { region }), '7')
  })
})
