import assert from 'node:assert/strict'
import { findPublished } from '../../../scripts/actions/distribution/find-published.ts'
import { type RigletError } from '../../../scripts/core/errors.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { entry } from './entry.ts'

const manifest = JSON.stringify({ web: { 'us-east-1': entry } })
const settings = { IMAGE: 'web', REGION: 'us-east-1' }

describe('find-image', () => {
  const find = async (files: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => {
    const terminal = answering()
    const at = () => assert.fail('AWS was asked')
    await findPublished({ ...settings, ...more }, { files: fakeFiles(files), terminal, at })
    return terminal.shown.join('\n')
  }

  it('prints the id alone, or the entry as data (G34)', async () => {
    assert.equal(await find({ 'manifests/images.json': manifest }), 'ami-00000001')
    assert.deepEqual(JSON.parse(await find({ 'manifests/images.json': manifest }, { JSON: '1' })), entry)
  })

  it('reads another manifest where one is named, and knows old names (G34)', async () => {
    const files = { 'other.json': manifest, 'manifests/images.yaml': 'images:\n  web: { aliases: [nginx] }\n' }
    assert.equal(await find(files, { IMAGE: 'nginx', MANIFEST: 'other.json' }), 'ami-00000001')
  })

  it('says that there is no manifest, by its path', () =>
    assert.rejects(find({}, { MANIFEST: 'gone.json' }), (error: RigletError) => {
      assert.deepEqual([error.code, error.message], ['NOT_FOUND', 'There is no gone.json: nothing was published yet.'])
      return true
    }))
})
