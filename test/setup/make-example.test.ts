import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parseMakeFile, settingRules } from '../../scripts/core/settings/settings.ts'

const text = readFileSync('.make.example', 'utf8')

/** These belong to one call, or to a build; they have no place in a file. */
const ofTheCall = [
  'ENV',
  'IMAGE_ID',
  'ARCH',
  'MANIFEST',
  'CHANNEL',
  'MILESTONE',
  'NAME_PATTERN',
  'DIGEST',
  'REASON',
  'UNTIL',
  'MESSAGE',
  'COMMIT',
  'EXECUTION_ID',
  'TESTS',
  'FROM',
  'TO',
  'ROLL_OUT_ALARMS',
  'SKIP',
  'APP',
  'NAME',
  'URL',
  'FEED_URL',
  'PRODUCT',
  'MAJOR',
  'VERSION',
  'BASE',
  'YES',
  'JSON',
]
const ofABuild = [
  'ARTIFACTS_BUCKET',
  'KEY_ARN',
  'BUILD_SUBNET',
  'BUILD_SECURITY_GROUP',
  'CHANGE_SET',
  'BUILD',
  'PLANNING',
  'TAKEN_BACK',
  'SOURCE',
  'SOURCE_BUCKET',
  'SOURCE_VERSION',
  'RIGLET',
  'METRIC_NAMESPACE',
]

describe('.make.example', () => {
  it('is understood as it stands (R02)', () => {
    assert.deepEqual(parseMakeFile(text, '.make.example').faults, [])
  })

  it('holds every setting that may stand in .make, each with a comment above it (R02)', () => {
    const settings = Object.keys(settingRules).filter((name) => ![...ofTheCall, ...ofABuild].includes(name))
    assert.deepEqual([...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name).sort(), settings.sort())
    for (const paragraph of text.trim().split('\n\n')) assert.match(paragraph, /^#/)
  })
})
