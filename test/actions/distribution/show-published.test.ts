import assert from 'node:assert/strict'
import { showPublished } from '../../../scripts/actions/distribution/show-published.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { entry } from './entry.ts'

const manifest = {
  web: { 'eu-west-1': { ...entry, public: false, deprecation_time: '2026-12-24T18:00:00Z' }, 'us-east-1': entry },
  app: { 'us-east-1': { ...entry, id: 'ami-00000002' } },
}

describe('show-published', () => {
  const show = async (settings: object = {}): Promise<string> => {
    const terminal = answering()
    const files = fakeFiles({ 'manifests/images.json': JSON.stringify(manifest) })
    await showPublished(settings, { files, terminal })
    return terminal.shown.join('\n')
  }

  it('prints the state of the distribution from the manifest alone (G23)', async () => {
    assert.equal(
      await show(),
      `web  eu-west-1  x86_64  ami-00000001  not public, deprecated at 2026-12-24T18:00:00Z
web  us-east-1  x86_64  ami-00000001  public
app  us-east-1  x86_64  ami-00000002  public`,
    )
    assert.deepEqual(JSON.parse(await show({ JSON: '1' })), manifest)
  })
})
