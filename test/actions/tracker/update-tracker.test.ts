import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { updateTracker } from '../../../scripts/actions/tracker/update-tracker.ts'
import type { TrackerStore } from '../../../scripts/core/ports/feeds/trackers.ts'
import { readTracker, trackerName, withBuilt, writeTracker } from '../../../scripts/core/tracker/tracker.ts'
import { makeFileTracker } from '../../../scripts/io/feeds/file-tracker.ts'
import { fakeStore } from '../../fakes/feeds.ts'
import { failureOf } from '../../support/failure.ts'

const name = trackerName('shop', 'main', 'runner')
const clock = { now: () => new Date(0), sleep: () => new Promise<void>((done) => setImmediate(done)) }

/** Fifty at once, each with a version of its own. */
async function write(store: TrackerStore, versions: readonly string[]): Promise<void> {
  await Promise.all(
    versions.map((version) =>
      updateTracker(
        { store, name, branch: 'main' },
        (kept = { branch: 'main', built: [] }) => withBuilt(kept, [{ product: 'runner', version }], 'yum'),
        { clock },
      ),
    ),
  )
}
const versions = Array.from({ length: 50 }, (_, index) => `1.${index}-1`)
const whole = writeTracker({ branch: 'main', built: versions.map((version) => ({ product: 'runner', version })) })

describe('a tracker that many write at once', () => {
  it('loses no version of fifty writers, in whatever order they come to their turns (S14, S13)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.shuffledSubarray(versions, { minLength: 50 }), async (scheduler, some) => {
        const store = fakeStore({}, () => scheduler.schedule(Promise.resolve()))
        await scheduler.waitFor(write(store, some))
        assert.equal(store.texts.get(name)?.text, whole)
      }),
      { numRuns: 5 },
    )
  }).timeout(60_000)

  it('loses none in a folder either (S22)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'riglet-tracker-'))
    try {
      await write(makeFileTracker('/', folder), versions)
      assert.equal(readFileSync(join(folder, name), 'utf8'), whole)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('gives up in the end, and says so, where somebody writes for ever', async () => {
    const store = fakeStore()
    const busy: TrackerStore = { ...store, write: () => Promise.resolve('conflict') }
    assert.match((await failureOf(write(busy, ['1.0-1']))).message, /others wrote it 200 times/)
  })
})

describe('a tracker', () => {
  it('is one of each branch or tag, with _ for each slash, and tells two that would share it (S05)', () => {
    assert.equal(trackerName('shop', 'feature/a/b', 'runner'), 'trackers/shop/runner/feature_a_b.txt')
    const text = writeTracker({ branch: 'feature/a', built: [] })
    assert.throws(
      () => readTracker('s3://b/t', text, 'feature_a'),
      /is the tracker of "feature\/a"; feature_a would share it/,
    )
  })

  it('has a package a line, in the order of rpm, each once (S13)', () => {
    const built = ['1.10-1', '1.9-1', '1.9-1', '1.10~rc1-1'].map((version) => ({ product: 'runner', version }))
    const text = writeTracker(withBuilt({ branch: 'main', built: [] }, built, 'yum'))
    assert.equal(text, '# Built for main\nrunner 1.9-1\nrunner 1.10~rc1-1\nrunner 1.10-1\n')
    assert.equal(writeTracker(readTracker('t', text, 'main')), text)
  })

  for (const text of [
    '',
    'runner 1.0-1\n',
    '# Built for main\nrunner\n',
    '# Built for main\nrunner 1.0;id\n',
    '# Built for main\n\u001b[2J 1\n',
  ])
    it(`is not taken for one where it is something else: ${JSON.stringify(text)}`, () =>
      assert.throws(() => readTracker('t', text, 'main'), /^RigletError: t:\d: "[^\u001b]*" is neither/))
})
