import assert from 'node:assert/strict'
import {
  addToTracker,
  diffTracker,
  removeFromTracker,
  seedTracker,
  showTracker,
} from '../../../scripts/actions/tracker/tracker-verbs.ts'
import { trackerPlace } from '../../../scripts/core/tracker/place.ts'
import { failureOf } from '../../support/failure.ts'
import { settings, world } from './support.ts'

describe('the verbs of trackers', () => {
  it('seed one with what the feed offers, once (S19, S04)', async () => {
    const { ports, kept, terminal } = world(['1.10-1', '1.9-1', '1.0;id-1'])
    await seedTracker(settings, ports)
    assert.deepEqual(kept(), ['runner 1.9-1', 'runner 1.10-1'])
    assert.match(terminal.said.join('\n'), /Left out: "1\.0;id-1" is no version/)
    assert.match(terminal.said.join('\n'), /make tracker-remove IMAGE=runner VERSION=1\.10-1$/)
    const again = await failureOf(seedTracker(settings, ports))
    assert.match(again.message, /is there already, with 2 packages\.$/)
  })

  it('stop at a tracker that is missing or empty, and name the command that seeds it (S20)', async () => {
    for (const tracked of [undefined, []])
      for (const verb of [showTracker, diffTracker]) {
        const { message, remedy } = await failureOf(verb(settings, world(['1.0-1'], tracked).ports))
        assert.match(message, /every version that the repository has would be built\.$/)
        assert.match(remedy, /^Nothing was built\. .*make tracker-seed IMAGE=runner$/)
      }
    assert.match((await failureOf(seedTracker(settings, world([]).ports))).message, /offers no version of runner/)
  })

  it('add and remove versions, one or several (S13)', async () => {
    const { ports, kept } = world([], ['1.9-1'])
    await addToTracker({ ...settings, VERSION: '1.10-1,1.8-1,1.9-1' }, ports)
    assert.deepEqual(kept(), ['runner 1.8-1', 'runner 1.9-1', 'runner 1.10-1'])
    await removeFromTracker({ ...settings, VERSION: '1.9-1' }, ports)
    assert.deepEqual(kept(), ['runner 1.8-1', 'runner 1.10-1'])
    const { message } = await failureOf(addToTracker({ ...settings, VERSION: '1.0;id,$(id)' }, ports))
    assert.equal(message.split('\n').length, 2)
  })

  it('show what is kept, and how it differs from the feed (S06)', async () => {
    const { ports, terminal } = world(['1.9-1', '1.10-1'], ['1.8-1', '1.9-1'])
    await showTracker(settings, ports)
    await diffTracker(settings, ports)
    assert.deepEqual(terminal.shown, [
      '# Built for main',
      'runner 1.8-1',
      'runner 1.9-1',
      '+ 1.10-1  x86_64',
      '- 1.8-1  gone from the repository',
      '1 to be built, 1 built, 1 gone',
    ])
  })

  it('take address, product and major version from settings, too (S03)', async () => {
    const { ports, terminal } = world(['2.0-1', '1.9-1'], ['1.9-1'])
    await diffTracker({ ...settings, MAJOR: '1', JSON: '1' }, ports)
    assert.deepEqual(terminal.shown, ['{"built":["1.9-1"],"missing":[],"gone":[]}'])
    const { message } = await failureOf(
      diffTracker({ ...settings, MAJOR: 'x', PRODUCT: '$(id)', FEED_URL: 'a' }, ports),
    )
    assert.equal(message.split('\n').length, 3)
    assert.match(
      (await failureOf(showTracker({ ...settings, IMAGE: 'web' }, ports))).remedy,
      /have one: runner\. .*IMAGE=runner$/,
    )
  })

  it('know the places of trackers by their addresses (S22)', async () => {
    assert.deepEqual(trackerPlace('s3://a-bucket'), { type: 's3', bucket: 'a-bucket' })
    assert.deepEqual(trackerPlace('dynamodb://Built'), { type: 'dynamodb', table: 'Built' })
    assert.deepEqual(trackerPlace('file:out/trackers'), { type: 'file', folder: 'out/trackers' })
    assert.throws(() => trackerPlace('ftp://a'), /is no place that trackers are kept in/)
  })
})
