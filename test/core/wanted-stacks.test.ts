import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Settings } from '../../scripts/core/settings.ts'
import { keepEarlier } from '../../scripts/core/stack/keep-earlier.ts'
import { saysNothingNew } from '../../scripts/core/stack/kept-digest.ts'
import { readTemplate } from '../../scripts/core/stack/read-template.ts'
import { ofOneUpdate, stackSettings } from '../../scripts/core/stack-settings.ts'
import {
  templateFiles,
  wantedApp,
  wantedFoundation,
  wantedJobs,
  wantedPipeline,
} from '../../scripts/core/wanted-stacks.ts'
import { imageFacts } from '../fakes/regional.ts'
import { stackState } from '../fakes/stacks.ts'

const riglet = { owner: 'acme', project: 'shop' }
const source = { repo: 'shop', branch: 'feature/x' }
const template = 'Parameters:\n  ImageId:\n  Version:\nResources: {}\n'

describe('wanted stacks', () => {
  it('hand over what is set, tell what was typed empty, and say nothing of the rest', () => {
    const settings = { EMAIL_ADDRESS: 'ops@example.com', CERTIFICATE_ARN: '' }
    const { parameters, reset, tags } = wantedFoundation(riglet, 'staging', '', settings)
    assert.deepEqual(parameters, {
      Owner: 'acme',
      Project: 'shop',
      Riglet: 'acme-shop',
      Environment: 'staging',
      EmailAddress: 'ops@example.com',
    })
    assert.deepEqual(reset, ['CertificateArn'])
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Environment: 'staging' })
  })

  it('join a pipeline and its jobs to their parents by name', () => {
    const jobs = wantedJobs(riglet, source, '', { settings: {}, control: 'control/1.zip' })
    assert.equal(jobs.parameters['BuildFoundation'], 'acme-shop-integration-foundation')
    const pipeline = wantedPipeline(riglet, source, '', 'control/1.zip')
    assert.equal(pipeline.parameters['Jobs'], jobs.name)
    for (const { parameters, tags } of [jobs, pipeline]) {
      assert.equal(parameters['Artifacts'], 'acme-shop-artifacts')
      assert.equal(parameters['ControlKey'], 'control/1.zip')
      assert.equal(parameters['SourceKey'], 'shop/feature/x/source.zip')
      assert.deepEqual(tags, { Owner: 'acme', Project: 'shop' })
    }
  })

  it('say version and commit of an app from its image, under the tag that was configured', () => {
    const facts = imageFacts('ami-1', { tags: { Version: '1.4.2', Revision: '4d1a90b' } })
    const { parameters } = wantedApp(
      riglet,
      'staging',
      source,
      template,
      { id: 'ami-1', facts, commitTag: 'Revision', priority: 7 },
      {},
    )
    assert.deepEqual(
      [parameters['ImageId'], parameters['Version'], parameters['Commit']],
      ['ami-1', '1.4.2', '4d1a90b'],
    )
  })

  it('have a setting for every parameter that has a default, and no other', () => {
    const ofRiglet = ['Digest', 'Version', 'Commit']
    for (const [layer, file] of Object.entries(templateFiles)) {
      const { parameters } = readTemplate(file, readFileSync(file, 'utf8'))
      const optional = [...parameters].flatMap(([name, { defaults }]) => (defaults.length === 0 ? [] : [name]))
      const key = layer as keyof typeof stackSettings
      const settable = Object.keys({ ...stackSettings[key], ...ofOneUpdate[key] })
      assert.deepEqual(settable.sort(), optional.filter((name) => !ofRiglet.includes(name)).sort(), file)
    }
  })

  it('ignore alarms for the one update that asks for it, whatever an earlier one said', () => {
    const { app } = templateFiles
    const text = readFileSync(app, 'utf8')
    const declared = readTemplate(app, text).parameters
    const said = (settings: Settings, earlier: string) => {
      const wanted = wantedApp(
        riglet,
        'staging',
        source,
        text,
        { id: 'ami-0', commitTag: 'Commit', priority: 1 },
        settings,
      )
      const kept = keepEarlier(wanted, { RollOutAlarms: earlier }, declared)
      assert.deepEqual(keepEarlier(kept, { RollOutAlarms: earlier }, declared), kept)
      return kept.parameters['RollOutAlarms']
    }
    for (const earlier of ['watch', 'ignore']) {
      assert.equal(said({ ROLL_OUT_ALARMS: 'ignore' }, earlier), 'ignore')
      assert.equal(said({ ROLL_OUT_ALARMS: 'watch' }, earlier), undefined)
      assert.equal(said({}, earlier), undefined)
    }
  })

  it('take an app whose alarms are watched for one of which nothing new is said, and no other', () => {
    const wanted = wantedApp(riglet, 'staging', source, '', { id: 'ami-0', commitTag: 'Commit', priority: 1 }, {})
    const said = (RollOutAlarms: string) =>
      saysNothingNew(
        wanted,
        stackState('web', 'UPDATE_COMPLETE', { parameters: { ...wanted.parameters, RollOutAlarms } }),
      )
    assert.deepEqual([said('watch'), said('ignore')], [true, false])
  })

  it('know the default of what holds for one update alone', () => {
    for (const [layer, ofLayer] of Object.entries(ofOneUpdate)) {
      const file = templateFiles[layer as keyof typeof templateFiles]
      const { parameters } = readTemplate(file, readFileSync(file, 'utf8'))
      for (const [name, { usual }] of Object.entries(ofLayer)) assert.deepEqual(parameters.get(name)?.defaults, [usual])
    }
  })
})
