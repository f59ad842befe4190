import assert from 'node:assert/strict'
import { changeApp, planApp } from '../../../scripts/actions/app/app.ts'
import { configure } from '../../../scripts/actions/app/configure.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { readSettings } from '../../../scripts/core/settings/settings.ts'
import type { ListenerRule } from '../../../scripts/core/stack/place-rule.ts'
import { fakeFiles, fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const name = 'acme-shop-staging-app-shop-main'
const id = 'ami-00000000000000001'
/** Of the pipeline, which may ship no other. */
const builtFor = { Owner: 'acme', Project: 'shop', BuiltFor: 'pipeline shop main' }
const images = [imageFacts(id, { tags: { Version: '1.4.2', Commit: '9f3c2e1aa', ...builtFor } })]
/** What the job of a pipeline is told. */
const pushed = { OWNER: 'acme', PROJECT: 'shop', REPO: 'shop', BRANCH: 'main', IMAGE_ID: id }
const listener = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/x/1/2'
const foundation = stackState('acme-shop-staging-foundation', 'CREATE_COMPLETE', { outputs: { ListenerArn: listener } })

const catchAll = (priority: number, group = 'others'): ListenerRule => ({
  arn: `rule-${priority}`,
  priority,
  conditions: [{ field: 'path-pattern', values: ['/*'] }],
  targetGroups: [group],
})
const others = [{ ...catchAll(400), stack: 'acme-shop-staging-app-blog-main' }]

const world = (text?: string, rules: readonly ListenerRule[] = []) => {
  const stacks = fakeStacks({ states: [foundation] })
  const region = fakeRegion({ stacks, images, rules: { [listener]: rules } })
  const files = fakeFiles(text === undefined ? templates : { ...templates, 'environments.yaml': text })
  const said: string[] = []
  const change = async (purpose: 'create' | 'update', more: object = {}): Promise<Readonly<Record<string, string>>> => {
    const terminal = answering('yes', 'yes')
    await changeApp(purpose, { ...settings, ...more }, fakePorts(terminal, region, { files }))
    said.push(...terminal.said)
    return stacks.states.get(name)!.parameters
  }
  const write = (now: string): void => void files.content.set('environments.yaml', now)
  return {
    stacks,
    region,
    files,
    said,
    change,
    write,
    plan: () => planApp(settings, fakePorts(answering(), region, { files })),
  }
}
const forStaging = (values: string): string => `environments:\n  staging:\n    apps:\n      shop/main: ${values}\n`
const fails = (code: string, words: RegExp) => (error: RigletError) => error.code === code && words.test(error.message)

describe('what is said of an app', () => {
  it('goes from the command line to environments.yaml, to .make, to what the stack has, to the default', async () => {
    const { change, write, said } = world(forStaging('{ hostName: file.example.com, instanceType: t3.large }'))
    const first = await change('create', { IMAGE: id, HOST_NAME: 'typed.example.com' })
    assert.deepEqual(
      [first['HostName'], first['InstanceType'], first['MinSize']],
      ['typed.example.com', 't3.large', '2'],
    )
    // What was typed once holds for that call: the file says more than the stack.
    assert.equal((await change('update'))['HostName'], 'file.example.com')
    const ofMake = readSettings([], {}, 'INSTANCE_TYPE=t3.micro\nMIN_SIZE=3\n')
    const third = await change('update', ofMake)
    assert.deepEqual([third['InstanceType'], third['MinSize']], ['t3.large', '3'])
    assert.ok(said.some((line) => /^INSTANCE_TYPE of \.make is not used: environments\.yaml/.test(line)))
    assert.ok(!said.some((line) => line.startsWith('MIN_SIZE')))
    // A line that goes from the file leaves its value on the stack, as one that goes from .make does.
    write(forStaging('{ instanceType: t3.large }'))
    assert.equal((await change('update'))['HostName'], 'file.example.com')
  })

  it('goes back to the default where it is typed empty, for that call, or null in the file', async () => {
    const { change, write } = world(forStaging('{ hostName: file.example.com, instanceType: t3.large }'))
    await change('create', { IMAGE: id })
    assert.equal((await change('update', { INSTANCE_TYPE: '' }))['InstanceType'], 't3.small')
    assert.equal((await change('update'))['InstanceType'], 't3.large')
    write(forStaging('{ hostName: null }'))
    const now = await change('update')
    assert.deepEqual([now['HostName'], now['InstanceType']], [undefined, 't3.large'])
    write(forStaging('{}'))
    assert.equal((await change('update', { INSTANCE_TYPE: '' }))['InstanceType'], 't3.small')
    assert.equal((await change('update'))['InstanceType'], 't3.small')
  })

  it('is of its own environment and of its own repository and branch', async () => {
    const text =
      'environments:\n  production:\n    apps:\n      shop/main: { port: 81 }\n  staging:\n    apps:\n      shop/develop: { port: 82 }\n'
    assert.equal((await world(text).change('create', { IMAGE: id }))['Port'], undefined)
  })

  it('is refused with every fault before anything is asked of CloudFormation', async () => {
    const { change, stacks } = world(forStaging('{ port: none, size: 3 }'))
    const both = /environments\.yaml:4:26: port.*\n.*environments\.yaml:4:32: size/
    await assert.rejects(change('create', { IMAGE: id }), fails('SETTINGS', both))
    assert.deepEqual(stacks.planned, [])
  })

  it('reaches each environment by the pipeline, too, which reads it once', async () => {
    const text = `${forStaging('{ hostName: staging.example.com, port: 8080 }')}  production:\n    apps:\n      shop/main: { hostName: www.example.com, targetCpu: 60 }\n`
    const { region, files } = world(text)
    const read: string[] = []
    const readIfThere = (path: string): Promise<string | undefined> => {
      read.push(path)
      return files.readIfThere(path)
    }
    await configure(pushed, fakePorts(answering(), region, { files: { ...files, readIfThere } }))
    assert.deepEqual(read, ['environments.yaml'])
    const of = (environment: string) => {
      const { Parameters } = JSON.parse(files.content.get(`out/${environment}.json`)!) as {
        Parameters: Record<string, string>
      }
      return ['HostName', 'Port', 'TargetCpu'].map((parameter) => Parameters[parameter])
    }
    assert.deepEqual(of('integration'), [undefined, undefined, undefined])
    assert.deepEqual(of('staging'), ['staging.example.com', '8080', undefined])
    assert.deepEqual(of('production'), ['www.example.com', undefined, '60'])
  })
})

describe('the rule of an app', () => {
  it('is not planned as a second catch-all: the stack that has the first is named', async () => {
    const { change, plan, stacks } = world(undefined, others)
    const words =
      /acme-shop-staging-app-shop-main has no host name, .*acme-shop-staging-app-blog-main does so already \(rule 400 /
    await assert.rejects(change('create', { IMAGE: id }), fails('RULE_TAKEN', words))
    assert.deepEqual(stacks.planned, [])
    const { HostName, ListenerPriority } = await change('create', { IMAGE: id, HOST_NAME: 'shop.example.com' })
    assert.ok(Number(ListenerPriority) < 400)
    assert.equal(HostName, 'shop.example.com')
    // Nor does it become one.
    const before = stacks.planned.length
    await assert.rejects(change('update', { HOST_NAME: '' }), fails('RULE_TAKEN', words))
    await plan()
    assert.equal(stacks.planned.length, before)
  })

  it('is not planned for a host that another one has, also not by the pipeline', async () => {
    const host = { ...catchAll(7), conditions: [{ field: 'host-header', values: ['shop.example.com'] }] }
    const { change, region, files, stacks } = world(forStaging('{ hostName: shop.example.com }'), [host])
    const words = /would answer for shop\.example\.com; a rule that no stack made, rule-7 does so already/
    await assert.rejects(change('create', { IMAGE: id }), fails('RULE_TAKEN', words))
    const work = configure(pushed, fakePorts(answering(), region, { files }))
    await assert.rejects(work, fails('RULE_TAKEN', words))
    assert.deepEqual([stacks.planned, [...files.content.keys()].filter((file) => file.startsWith('out/'))], [[], []])
  })

  it('keeps its number, and is looked for only where the app is new or its host another one', async () => {
    const { change, region, stacks } = world(undefined, [])
    const first = (await change('create', { IMAGE: id, HOST_NAME: 'a.example.com' }))['ListenerPriority']
    assert.deepEqual(region.held.looks, [listener])
    await change('update', { MIN_SIZE: '3' })
    await change('update', { HOST_NAME: 'a.example.com' })
    assert.deepEqual(region.held.looks, [listener])
    assert.equal((await change('update', { HOST_NAME: 'b.example.com' }))['ListenerPriority'], first)
    assert.equal(region.held.looks.length, 2)
    // A number that somebody chose stays, too.
    const state = stacks.states.get(name)!
    stacks.states.set(name, { ...state, parameters: { ...state.parameters, ListenerPriority: '12' } })
    assert.equal((await change('update', { MIN_SIZE: '4' }))['ListenerPriority'], '12')
  })

  it('is no hindrance to itself', async () => {
    const own = { ...catchAll(45_001, 'own'), stack: name }
    const { change, stacks } = world(undefined, [own])
    const parameters = { ImageId: id, ListenerPriority: '45001' }
    stacks.states.set(name, stackState(name, 'UPDATE_COMPLETE', { parameters, outputs: { TargetGroupArn: 'own' } }))
    assert.equal((await change('update', { HOST_NAME: 'a.example.com' }))['ListenerPriority'], '45001')
  })

  it('is no hindrance to itself either where a failed creation left it behind', async () => {
    const own = { ...catchAll(45_001, 'own'), stack: name }
    const { change, stacks } = world(undefined, [own])
    const parameters = { ImageId: id, ListenerPriority: '45001' }
    stacks.states.set(name, stackState(name, 'ROLLBACK_FAILED', { parameters }))
    assert.notEqual((await change('create'))['ListenerPriority'], '45001')
  })

  it('is chosen anew where the stack never worked', async () => {
    const { change, stacks } = world(undefined, others)
    const parameters = { ImageId: id, ListenerPriority: '500', HostName: 'a.example.com' }
    stacks.states.set(name, stackState(name, 'ROLLBACK_COMPLETE', { parameters }))
    await assert.rejects(change('create'), fails('RULE_TAKEN', /blog-main/))
    assert.ok(Number((await change('create', { HOST_NAME: 'a.example.com' }))['ListenerPriority']) < 400)
  })
})
