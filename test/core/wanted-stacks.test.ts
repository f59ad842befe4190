import assert from 'node:assert/strict'
import { wantedApp, wantedFoundation, wantedPipeline } from '../../scripts/core/wanted-stacks.ts'
import type { Settings } from '../../scripts/core/settings.ts'
import { imageFacts } from '../fakes/regional.ts'

const riglet = { owner: 'acme', project: 'shop' }
const source = { repo: 'shop', branch: 'feature/x' }
const template = 'Parameters:\n  ImageId:\n  MinSize:\n  Version:\nResources: {}\n'

describe('wanted stacks', () => {
  it('hand optional settings to a foundation, empty where there are none', () => {
    const { parameters, tags } = wantedFoundation(riglet, 'staging', '', { EMAIL_ADDRESS: 'ops@example.com' })
    assert.equal(parameters['EmailAddress'], 'ops@example.com')
    assert.equal(parameters['CertificateArn'], '')
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Environment: 'staging' })
  })

  it('join a pipeline to its parents by their names', () => {
    const { parameters, tags } = wantedPipeline(riglet, source, '', 'web')
    assert.equal(parameters['Artifacts'], 'acme-shop-artifacts')
    assert.equal(parameters['BuildFoundation'], 'acme-shop-integration-foundation')
    assert.equal(parameters['SourceKey'], 'shop/feature/x/source.zip')
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Environment: 'shared' })
  })

  it('say version and commit of an app from its image, under the tag that was configured', () => {
    const facts = imageFacts('ami-1', { tags: { Version: '1.4.2', Revision: '4d1a90b' } })
    const { parameters } = wantedApp(
      riglet,
      'staging',
      source,
      template,
      { id: 'ami-1', facts, commitTag: 'Revision' },
      {},
    )
    assert.deepEqual(
      [parameters['ImageId'], parameters['Version'], parameters['Commit']],
      ['ami-1', '1.4.2', '4d1a90b'],
    )
  })

  it('keep what is deployed, except what the template has no more', () => {
    const deployed = { ImageId: 'ami-0', MinSize: '4', Gone: 'x', Digest: 'd' }
    const { parameters } = wantedApp(
      riglet,
      'staging',
      source,
      template,
      { id: 'ami-0', commitTag: 'Commit' },
      {},
      deployed,
    )
    assert.equal(parameters['MinSize'], '4')
    assert.ok(!('Gone' in parameters) && !('Digest' in parameters))
  })

  it('ignore alarms for the one update that asks for it', () => {
    const text = 'Parameters:\n  RollOutAlarms: { Type: String, Default: watch }\nResources: {}\n'
    const described = { id: 'ami-0', commitTag: 'Commit' }
    const said = (settings: Settings, deployed: Record<string, string> = {}) =>
      wantedApp(riglet, 'staging', source, text, described, settings, deployed).parameters['RollOutAlarms']
    assert.equal(said({ ROLL_OUT_ALARMS: 'ignore' }), 'ignore')
    assert.equal(said({}, { RollOutAlarms: 'ignore' }), 'watch')
    assert.equal(said({}), 'watch')
  })
})
