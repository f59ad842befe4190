import assert from 'node:assert/strict'
import { changeSchedule, deleteSchedule, planSchedule } from '../../../scripts/actions/schedule/schedule.ts'
import { layers } from '../../../scripts/core/layers/layers.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState, type FakeStacks } from '../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../fakes/terminal.ts'

const name = 'acme-shop-schedule-shop-main'
const artifacts = 'acme-shop-artifacts'
const template = `Parameters:
${['Groups', 'ReaderRoles', 'FollowRoles', 'StagingImageAge', 'ControlKey'].map((one) => `  ${one}: { Type: String }\n`).join('')}  DriftTimes: { Type: String, Default: "cron(0 5 * * ? *)" }
Resources: {}
`
const groups = `accounts: { stage: { account: "222222222222", role: riglet/follow } }
groups:
  web: { environment: staging, account: stage, repo: { url: "https://example.com/a.git", ref: main }, subnets: [subnet-0123456789abcdef0], securityGroups: [sg-0123456789abcdef0] }
`
const images = `accounts: { hub: { account: "333333333333", role: riglet, regions: [eu-west-1] }, shop: { account: "444444444444" } }
images: { web: { account: hub } }
`
const ground = () =>
  fakeStacks({ states: [stackState(artifacts, undefined, { outputs: { ArtifactBucket: 'bucket' } })] })
const ports = (stacks: FakeStacks, terminal: FakeTerminal, files: Readonly<Record<string, string>> = {}) =>
  fakePorts(terminal, fakeRegion({ stacks }), {
    files: fakeFiles({ ...templates, [layers.schedule.template]: template, ...files }),
  })

describe('a schedule', () => {
  it('is made with what the files say of groups, roles and ages', async () => {
    const stacks = ground()
    const files = {
      'manifests/groups.yaml': groups,
      'manifests/images.yaml': images,
      'environments.yaml': 'environments: { staging: { imageAge: 30 } }\n',
    }
    assert.equal(
      await changeSchedule('create', { ...settings, DRIFT_SCHEDULE: 'off' }, ports(stacks, answering('yes'), files)),
      0,
    )
    const { Groups, ReaderRoles, FollowRoles, StagingImageAge, DriftTimes } = stacks.states.get(name)!.parameters
    assert.deepEqual([Groups, StagingImageAge, DriftTimes], ['yes', '30', 'off'])
    assert.equal(ReaderRoles, 'arn:aws:iam::333333333333:role/riglet')
    assert.equal(FollowRoles, 'arn:aws:iam::222222222222:role/riglet/follow')
  })

  it('keeps its times at an update, and asks before it changes what the files say', async () => {
    const stacks = ground()
    await changeSchedule('create', { ...settings, DRIFT_SCHEDULE: 'off' }, ports(stacks, answering('yes')))
    const terminal = answering('yes')
    assert.equal(
      await changeSchedule('update', settings, ports(stacks, terminal, { 'manifests/groups.yaml': groups })),
      0,
    )
    assert.deepEqual(terminal.asked, ['Change acme-shop schedule shop-main?'])
    const { Groups, DriftTimes } = stacks.states.get(name)!.parameters
    assert.deepEqual([Groups, DriftTimes], ['yes', 'off'])
  })

  it('is planned without leaving anything, declined without changing anything, and deleted alone', async () => {
    const stacks = ground()
    await planSchedule(settings, ports(stacks, answering()))
    assert.equal(await changeSchedule('create', settings, ports(stacks, answering('no'))), 1)
    assert.deepEqual([...stacks.states.keys()], [artifacts])
    await changeSchedule('create', settings, ports(stacks, answering('yes')))
    assert.equal(await deleteSchedule(settings, ports(stacks, answering('yes'))), 0)
    assert.deepEqual([...stacks.states.keys()], [artifacts])
    const terminal = answering()
    assert.equal(await deleteSchedule(settings, ports(stacks, terminal)), 0)
    assert.equal(terminal.shown.at(-1), 'acme-shop schedule shop-main: there is nothing to delete')
  })
})
