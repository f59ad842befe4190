import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Settings } from '../../../scripts/core/settings/settings.ts'
import { keepEarlier } from '../../../scripts/core/stack/decide/keep-earlier.ts'
import { saysNothingNew } from '../../../scripts/core/stack/decide/kept-digest.ts'
import { readTemplate } from '../../../scripts/core/stack/template/read-template.ts'
import { ofOneUpdate, stackSettings } from '../../../scripts/core/settings/stack-settings.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import type { Layer } from '../../../scripts/core/layers/layer.ts'
import type { Group } from '../../../scripts/core/groups/groups.ts'
import { layers } from '../../../scripts/core/layers/layers.ts'
import { layerNames } from '../../../scripts/core/names.ts'
import { imageFacts } from '../../fakes/regional.ts'
import { stackState } from '../../fakes/stacks.ts'

const riglet = { owner: 'acme', project: 'shop' }
const source = { repo: 'shop', branch: 'feature/x' }
const place = { riglet, environment: 'staging', source } as const
const plainRun = { id: 'ami-0', commitTag: 'Commit', priority: 1 }
const group: Group = {
  name: 'web',
  environment: 'staging',
  repo: { url: 'https://github.com/acme/shop.git', ref: 'main', tagName: 'Commit' },
  tags: {},
  instanceType: 't3.small',
  minSize: 2,
  maxSize: 4,
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  targetGroups: [],
  warmup: 120,
}
const runs = { image: 'ami-1', commit: '9f3c2e1a'.repeat(5) }
const rights = { regions: [], role: '', manifestRoles: [], consumer: '', tokenParameter: '', tokenEntry: '' }
const declared = {
  groups: true,
  readers: ['arn:aws:iam::222222222222:role/riglet/read', 'arn:aws:iam::333333333333:role/riglet/read'],
  followers: ['arn:aws:iam::222222222222:role/riglet/follow'],
  ages: { integration: null, staging: 90, production: 30 },
}
const everything = { ...place, run: plainRun, control: '', group, runs, image: 'web', rights, declared }
const template = 'Parameters:\n  ImageId:\n  Version:\nResources: {}\n'

describe('layers', () => {
  it('hand over what is set, tell what was typed empty, and say nothing of the rest', () => {
    const settings = { EMAIL_ADDRESS: 'ops@example.com', CERTIFICATE_ARN: '' }
    const { parameters, reset, tags } = desiredStack(
      layers.foundation,
      { riglet, environment: 'staging' },
      '',
      settings,
    )
    assert.deepEqual(parameters, {
      Owner: 'acme',
      Project: 'shop',
      Riglet: 'acme-shop',
      Environment: 'staging',
      Builds: 'no',
      EmailAddress: 'ops@example.com',
    })
    assert.deepEqual(reset, ['CertificateArn'])
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Environment: 'staging', Layer: 'foundation' })
  })

  it('take a size back to that of the environment, where the template knows none', () => {
    const { parameters, reset, defaults } = desiredStack(layers.app, { ...place, run: plainRun }, template, {
      MIN_SIZE: '',
      MAX_SIZE: '9',
    })
    assert.deepEqual([parameters['MinSize'], parameters['MaxSize'], reset], ['2', '9', ['RollOutAlarms']])
    assert.deepEqual(defaults, { InstanceType: 't3.small', MinSize: '2', MaxSize: '4' })
  })

  it('tell the jobs by schedule what the files say: groups, roles and how old images may be (B14)', () => {
    const { parameters } = desiredStack(layers.schedule, { riglet, source, control: 'control/1.zip', declared }, '', {})
    const { Groups, ReaderRoles, FollowRoles, IntegrationImageAge, StagingImageAge, ProductionImageAge } = parameters
    assert.deepEqual([Groups, IntegrationImageAge, StagingImageAge, ProductionImageAge], ['yes', '0', '90', '30'])
    assert.equal(ReaderRoles, declared.readers.join(','))
    assert.equal(FollowRoles, declared.followers[0])
  })

  it('join a pipeline and its jobs to their parents by name', () => {
    const of = { riglet, source, control: 'control/1.zip' }
    const jobs = desiredStack(layers.jobs, of, '', {})
    assert.equal(jobs.parameters['BuildFoundation'], 'acme-shop-integration-foundation')
    const pipeline = desiredStack(layers.pipeline, of, '', {})
    assert.equal(pipeline.parameters['Jobs'], jobs.name)
    for (const { parameters, tags, title } of [jobs, pipeline]) {
      assert.equal(parameters['Artifacts'], 'acme-shop-artifacts')
      assert.equal(parameters['ControlKey'], 'control/1.zip')
      assert.equal(parameters['SourceKey'], 'shop/feature/x/source.zip')
      assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Layer: title })
    }
  })

  it('say version and commit of an app from its image, under the tag that was configured', () => {
    const facts = imageFacts('ami-1', { tags: { Version: '1.4.2', Revision: '4d1a90b' } })
    const run = { id: 'ami-1', facts, commitTag: 'Revision', priority: 7 }
    const { parameters } = desiredStack(layers.app, { ...place, run }, template, {})
    assert.deepEqual(
      [parameters['ImageId'], parameters['Version'], parameters['Commit']],
      ['ami-1', '1.4.2', '4d1a90b'],
    )
  })

  it('say the commit that riglet itself tagged, where an image has no tag of that name', () => {
    const facts = imageFacts('ami-1', { tags: { Version: '1.4.2', Commit: '4d1a90b' } })
    const run = { id: 'ami-1', facts, commitTag: 'Revision', priority: 7 }
    assert.equal(desiredStack(layers.app, { ...place, run }, template, {}).parameters['Commit'], '4d1a90b')
  })

  it('say all that groups.yaml says of a group, also what is usual there', () => {
    const { name, title, parameters } = desiredStack(layers.group, { ...place, group, runs }, '', {})
    assert.deepEqual([name, title], ['acme-shop-staging-group-web', 'web'])
    const { Subnets, Ref, Commit, InstanceProfile } = parameters
    assert.deepEqual([Subnets, Ref, Commit, InstanceProfile], ['subnet-1,subnet-2', 'main', runs.commit, ''])
    const declared = readTemplate(layers.group.template, readFileSync(layers.group.template, 'utf8')).parameters
    assert.deepEqual(Object.keys(parameters).sort(), [...declared.keys()].filter((one) => one !== 'Digest').sort())
  })

  it('stand on what their templates import from, and on nothing else', () => {
    for (const name of layerNames) {
      const text = readFileSync(layers[name].template, 'utf8')
      const imported = [...text.matchAll(/"?Fn::ImportValue"?: !Sub "\$\{(\w+)\}-/g)].map(([, parameter]) => parameter!)
      assert.equal(text.match(/ImportValue/g)?.length ?? 0, imported.length, name)
      assert.deepEqual([...new Set(imported)].sort(), Object.keys(layers[name].standsOn).sort(), name)
    }
  })

  it('have a setting for every parameter that has a default, and no other', () => {
    const ofRiglet = ['Digest', 'Version', 'Commit']
    for (const key of layerNames) {
      const { template: file } = layers[key]
      const { parameters } = readTemplate(file, readFileSync(file, 'utf8'))
      const { defaults: begun } = desiredStack(layers[key] as Layer<typeof everything>, everything, '', {})
      const optional = [...parameters].flatMap(([name, { defaults }]) =>
        defaults.length === 0 && (begun?.[name] === undefined || (layers[key] as Layer).fixed?.includes(name))
          ? []
          : [name],
      )
      const settable = Object.keys({ ...stackSettings[key], ...ofOneUpdate[key] })
      assert.deepEqual(settable.sort(), optional.filter((name) => !ofRiglet.includes(name)).sort(), file)
    }
  })

  it('ignore alarms for the one update that asks for it, whatever an earlier one said', () => {
    const text = readFileSync(layers.app.template, 'utf8')
    const declared = readTemplate(layers.app.template, text).parameters
    const said = (settings: Settings, earlier: string) => {
      const desired = desiredStack(layers.app, { ...place, run: plainRun }, text, settings)
      const kept = keepEarlier(desired, { RollOutAlarms: earlier }, declared)
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
    const desired = desiredStack(layers.app, { ...place, run: plainRun }, '', {})
    const said = (RollOutAlarms: string) =>
      saysNothingNew(
        desired,
        stackState('web', 'UPDATE_COMPLETE', {
          parameters: { ...desired.defaults, ...desired.parameters, RollOutAlarms },
        }),
      )
    assert.deepEqual([said('watch'), said('ignore')], [true, false])
  })

  it('know the default of what holds for one update alone', () => {
    for (const [layer, ofLayer] of Object.entries(ofOneUpdate)) {
      const file = layers[layer as keyof typeof layers].template
      const { parameters } = readTemplate(file, readFileSync(file, 'utf8'))
      for (const [name, { usual }] of Object.entries(ofLayer)) assert.deepEqual(parameters.get(name)?.defaults, [usual])
    }
  })
})
