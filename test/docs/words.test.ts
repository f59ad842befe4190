import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Our own words of earlier, and parts of names that were made with them -> the field's. */
const standard: readonly (readonly [RegExp, string])[] = [
  [/\bwanted(?:Stack|Of|Template|Parameters|Delivery|Artifacts\w*|Foundations\w*|[.(])|Wanted[A-Z]\w*/, 'desired'],
  [/\bfollow(?:ing|ed)?-?[A-Z]\w*|\bFollowed\w*|follow-stacks/, 'monitor'],
  [/\bstray(?:s|ed)?\b|[sS]tray[A-Z]\w*|isStray/, 'orphaned'],
  [/\bfates?\b|fateWords/, 'deletionPolicy'],
  [/'perhaps|PERHAPS|\bperhaps: ['\d]/, 'conditional'],
  [/[sS]tillborn/, 'createFailed'],
  [/'stuck'|Stuck\b|\bstuck[:.(]/, 'needsRecovery'],
  [/\bbyHand\b|\bByHand\b/, 'awsCliCommand'],
]

describe('the words of the code', () => {
  const files = execFileSync('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    'scripts',
    'demo',
    'test',
  ])
    .toString()
    .split('\0')
    .filter((path) => /\.ts$/.test(path) && existsSync(path))
    // The runner and what starts it have words of their own; this very file names the old ones.
    .filter((path) => !/^test\/(?:run\.ts|runner\/|docs\/words\.test\.ts)/.test(path))

  for (const [word, instead] of standard) {
    it(`are the field's: ${instead}`, () => {
      assert.ok(files.length > 300)
      const found = files.flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
      )
      assert.deepEqual(found, [])
    })
  }
})
