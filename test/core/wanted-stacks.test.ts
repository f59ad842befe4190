import assert from 'node:assert/strict'
import { keptParameters, wantedApp, wantedFoundation, wantedPipeline } from '../../scripts/core/wanted-stacks.ts'
import { readTemplate } from '../../scripts/core/stack/read-template.ts'
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

  it('keep what is deployed, except what the template has no more, or would do by itself', () => {
    const declared = readTemplate('app.yaml', `${template}`.replace('MinSize:', 'MinSize:\n  Port: { Default: 1_0 }'))
    const deployed = { ImageId: 'ami-0', MinSize: '4', Port: '10', Gone: 'x', Digest: 'd' }
    assert.deepEqual(keptParameters(declared, deployed), { ImageId: 'ami-0', MinSize: '4' })
    assert.deepEqual(keptParameters(declared, { Port: '80' }), { Port: '80' })
  })

  it('say of an app what it keeps, below what is named now', () => {
    const { parameters } = wantedApp(
      riglet,
      'staging',
      source,
      template,
      { id: 'ami-0', commitTag: 'Commit' },
      { INSTANCE_TYPE: 't3.large' },
      { MinSize: '4', InstanceType: 't3.small', Version: '1.4.2' },
    )
    assert.deepEqual(
      [parameters['MinSize'], parameters['InstanceType'], parameters['Version']],
      ['4', 't3.large', '1.4.2'],
    )
  })
})
