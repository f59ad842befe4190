import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { changeApp, deleteApp, planApp } from '../../../scripts/actions/app/app.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { TemplateFacts } from '../../../scripts/core/image/launch.ts'
import type { Fleet } from '../../../scripts/core/ports/fleet.ts'
import { fakeFleet } from '../../fakes/pipelines.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import { readTemplate } from '../../../scripts/core/stack/template/read-template.ts'
import { keptDigest } from '../../../scripts/core/stack/decide/kept-digest.ts'
import type { ResourceChange } from '../../../scripts/core/stack/plan.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { app } from '../../../scripts/core/layers/app.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import { fakeFiles, fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState, type FakeStacks } from '../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../fakes/terminal.ts'

const name = 'acme-shop-staging-app-shop-main'
const one = 'ami-00000000000000001'
const two = 'ami-00000000000000002'
const images = [
  imageFacts(one, { tags: { Version: '1.4.2', Commit: '9f3c2e1aa' } }),
  imageFacts(two, { tags: { Version: '1.4.3', Commit: '4d1a90bbb' } }),
]
const ports = (stacks: FakeStacks, terminal: FakeTerminal, known: readonly ImageFacts[] = images) =>
  fakePorts(terminal, fakeRegion({ stacks, images: known }), { files: fakeFiles(templates) })

const refusal = async (image: string, known: readonly ImageFacts[], more: object = {}): Promise<RigletError> => {
  const stacks = fakeStacks()
  const work = changeApp('create', { ...settings, ...more, IMAGE: image }, ports(stacks, answering('yes'), known))
  const error = await work.then(
    () => assert.fail('it was taken'),
    (caught: unknown) => caught as RigletError,
  )
  assert.deepEqual(stacks.planned, [])
  return error
}

type Seen = { readonly loaded: readonly string[]; readonly shown: readonly string[]; readonly calls: readonly string[] }

/** An update of the app, with all that is loaded for it. */
async function inAProcessOfItsOwn(files: Readonly<Record<string, string>>, state: StackState): Promise<Seen> {
  const root = resolve(import.meta.dirname, '../../..')
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ resolve: (name, context, next) => {
      const found = next(name, context)
      loaded.push(found.url)
      return found
    } })
    const [{ changeApp }, regional, { fakeStacks }, { answering }] = await Promise.all(
      ['scripts/actions/app/app.ts', 'test/fakes/regional.ts', 'test/fakes/stacks.ts', 'test/fakes/terminal.ts']
        .map((path) => import('${root}/' + path)))
    const given = JSON.parse(process.argv[1])
    const terminal = answering('yes')
    const stacks = fakeStacks({ states: [given.state] })
    const files = regional.fakeFiles(given.files)
    const ports = regional.fakePorts(terminal, regional.fakeRegion({ stacks, images: given.images }), { files })
    await changeApp('update', given.settings, ports)
    console.log(JSON.stringify({ loaded, shown: terminal.shown, calls: stacks.calls }))`
  const given = JSON.stringify({ files, state, settings, images })
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, given])
  return JSON.parse(stdout) as Seen
}

describe('app', () => {
  it('is made by hand with a chosen image (R59)', async () => {
    const stacks = fakeStacks()
    assert.equal(await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes'))), 0)
    const { parameters, tags } = stacks.states.get(name)!
    assert.equal(parameters['ImageId'], one)
    assert.equal(parameters['Version'], '1.4.2')
    assert.equal(parameters['Commit'], '9f3c2e1aa')
    assert.equal(parameters['Foundation'], 'acme-shop-staging-foundation')
    assert.deepEqual(tags, { Owner: 'acme', Project: 'shop', Environment: 'staging', Layer: 'app', App: 'shop-main' })
  })

  it('keeps its image and its other parameters when none is named', async () => {
    const stacks = fakeStacks()
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    const calls = stacks.calls.length
    const terminal = answering()
    assert.equal(await changeApp('update', settings, ports(stacks, terminal)), 0)
    assert.equal(terminal.shown.at(-1), 'acme-shop staging shop-main: in sync, nothing to change')
    assert.ok(stacks.calls.length - calls <= 2)
  })

  it('is in sync although CloudFormation filled in the defaults, and keeps what differs from them', async () => {
    const stacks = fakeStacks()
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    const state = stacks.states.get(name)!
    stacks.states.set(name, { ...state, parameters: { ...state.parameters, HostName: '' } })
    const terminal = answering()
    await changeApp('update', settings, ports(stacks, terminal))
    assert.match(terminal.shown.at(-1)!, /in sync/)
    stacks.states.set(name, { ...state, parameters: { ...state.parameters, MinSize: '4' } })
    await changeApp('update', { ...settings, IMAGE: two }, ports(stacks, answering('yes')))
    assert.equal(stacks.states.get(name)!.parameters['MinSize'], '4')
  })

  const manual = { InstanceType: 't3.large', MinSize: '4' }
  const inForce = async (template: string) => {
    const of = {
      riglet: { owner: 'acme', project: 'shop' },
      environment: 'staging',
      source: { repo: 'shop', branch: 'main' },
      run: { id: one, facts: images[0], commitTag: 'Commit', priority: 7 },
    } as const
    const desired = desiredStack(app, of, template, {})
    const all: Readonly<Record<string, string>> = { ...desired.defaults, ...manual, ...desired.parameters }
    const set = { ...desired, parameters: all }
    // CloudFormation tells every parameter, what is left to its default, too.
    const declared = [...readTemplate('app.yaml', template).parameters]
    const values = declared.map(([key, { defaults }]) => [key, set.parameters[key] ?? defaults[0] ?? ''])
    const parameters = { ...Object.fromEntries(values), Digest: await keptDigest(set) } as Record<string, string>
    return stackState(name, 'UPDATE_COMPLETE', { parameters, tags: desired.tags })
  }
  const own = templates[app.template]!.replace('Parameters:\n', 'Parameters:\n  Spare: { Default: "yes" }\n')
  const forms: readonly (readonly [string, (text: string) => string])[] = [
    ['with the line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['with a comment behind Parameters', (text) => text.replace('Parameters:', 'Parameters: # what may be set')],
    ['indented by four', (text) => text.replaceAll(/^ +/gm, '$&$&')],
    ['with a comment in column 0', (text) => text.replace('  MinSize', '# how many\n  MinSize')],
    ['with quoted keys', (text) => text.replaceAll(/^( +)(\w+):/gm, '$1"$2":')],
  ]
  for (const [title, write] of forms)
    it(`keeps what was set by hand when its template is written anew, ${title}`, async () => {
      const stacks = fakeStacks({ states: [await inForce(own)] })
      const files = fakeFiles({ ...templates, [app.template]: write(own) })
      const region = fakeRegion({ stacks, images })
      await changeApp('update', { ...settings, IMAGE: two }, fakePorts(answering('yes'), region, { files }))
      const { parameters } = stacks.states.get(name)!
      assert.deepEqual(
        [parameters['InstanceType'], parameters['MinSize'], parameters['Spare'], parameters['ImageId']],
        ['t3.large', '4', undefined, two],
      )
    })

  it('says in which line its template is wrong before anything is asked of CloudFormation', async () => {
    const stacks = fakeStacks({ states: [await inForce(own)] })
    const files = fakeFiles({ ...templates, [app.template]: `${own}Outputs:\n  Url: { Value: */index.html }\n` })
    const work = changeApp('update', settings, fakePorts(answering(), fakeRegion({ stacks, images }), { files }))
    await assert.rejects(work, ({ code, message }: RigletError) => {
      assert.equal(code, 'TEMPLATE')
      return /^cloudformation\/app-image\.yaml:\d+:17: \*\/index\.html is an alias/.test(message)
    })
    assert.deepEqual(stacks.planned, [])
  })

  it('needs one call and no parser where nothing has changed since the last update', async () => {
    const files = { ...templates, [app.template]: own }
    const { loaded, shown, calls } = await inAProcessOfItsOwn(files, await inForce(own))
    assert.deepEqual(shown, ['acme-shop staging shop-main: in sync, nothing to change'])
    assert.ok(calls.length <= 2, calls.join())
    assert.ok(loaded.some((url) => url.endsWith('/decide.ts')))
    assert.deepEqual(
      loaded.filter((url) => /node_modules\/(?:ajv|yaml|@aws-sdk)\//.test(url)),
      [],
    )
    const said = { ...files, 'environments.yaml': 'environments: {}\n' }
    assert.ok(
      (await inAProcessOfItsOwn(said, await inForce(own))).loaded.some((url) => url.includes('node_modules/ajv/')),
    )
    // The same way loads it where something has.
    const changed = await inAProcessOfItsOwn({ ...files, [app.template]: `${own}# new\n` }, await inForce(own))
    assert.ok(changed.loaded.some((url) => url.includes('node_modules/yaml/')))
  }).timeout(60_000)

  it('takes back what was set when it is typed empty, and nothing else', async () => {
    const stacks = fakeStacks()
    const set = { HOST_NAME: 'shop.example.com', INSTANCE_TYPE: 't3.small', MIN_SIZE: '3' }
    await changeApp('create', { ...settings, ...set, IMAGE: one }, ports(stacks, answering('yes')))
    await changeApp('update', { ...settings, HOST_NAME: '', IMAGE: '' }, ports(stacks, answering('yes')))
    const { HostName, InstanceType, MinSize, ImageId } = stacks.states.get(name)!.parameters
    assert.deepEqual([HostName, InstanceType, MinSize, ImageId], [undefined, 't3.small', '3', one])
  })

  it('shows versions and commits beside the ids of images', async () => {
    const changes: ResourceChange[] = [
      {
        logicalId: 'LaunchTemplate',
        resourceType: 'AWS::EC2::LaunchTemplate',
        action: 'modify',
        replacement: 'no',
        properties: [{ path: 'LaunchTemplateData.ImageId', before: one, after: two, replaces: 'no' }],
      },
    ]
    const stacks = fakeStacks({ changes: { [name]: changes } })
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    const terminal = answering()
    await planApp({ ...settings, IMAGE: two }, ports(stacks, terminal))
    assert.match(
      terminal.shown[0]!,
      /ami-00000000000000001 \(1\.4\.2, 9f3c2e1\)\n +-> ami-00000000000000002 \(1\.4\.3, 4d1a90b\)/,
    )
  })

  it('refuses an image that is missing or not shared', async () => {
    const { message, remedy } = await refusal(one, [])
    assert.match(message, /There is no image ami-00000000000000001 that this account may use in eu-central-1/)
    assert.match(remedy, /not shared with this account/)
    assert.match(remedy, /^Look: aws ec2 describe-images .* --region eu-central-1 --profile acme$/m)
  })

  it('says whose right is missing where it may not ask for the image', async () => {
    const region = fakeRegion()
    const denied = { ...region.images, describe: () => Promise.reject(accessDenied('no right to images', null)) }
    const work = planApp(
      { ...settings, IMAGE: one },
      { ...fakePorts(answering(), region, { files: fakeFiles(templates) }), images: denied },
    )
    await assert.rejects(work, ({ code }: RigletError) => code === 'ACCESS_DENIED')
  })

  it('refuses an image that is pending or failed, each with what helps', async () => {
    const pending = await refusal(one, [imageFacts(one, { state: 'pending' })])
    assert.match(pending.message, /is pending, not available/)
    assert.match(pending.remedy, /aws ec2 wait image-available .* --region eu-central-1 --profile acme$/)
    const failed = await refusal(one, [imageFacts(one, { state: 'failed' })])
    assert.match(failed.remedy, /make bake/)
  })

  describe('whose group could replace no instance', () => {
    const running = async (fleet: Fleet, known: readonly ImageFacts[]) => {
      const stacks = fakeStacks()
      await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
      const state = stacks.states.get(name)!
      stacks.states.set(name, { ...state, outputs: { GroupName: 'group' } })
      const told = async (IMAGE: string, terminal: FakeTerminal = answering('yes')) => {
        const region = fakeRegion({ stacks, images: known, fleet })
        const work = changeApp('update', { ...settings, IMAGE }, fakePorts(terminal, region, { files }))
        return work.then(
          () => undefined,
          (error: unknown) => error as RigletError,
        )
      }
      return { stacks, told }
    }
    const files = fakeFiles(templates)
    const launching = (template: TemplateFacts): Fleet => ({
      ...fakeFleet(),
      groups: () =>
        Promise.resolve([{ name: 'group', desired: 1, launchTemplate: { id: 'lt-1', version: '2' }, instances: [] }]),
      template: () => Promise.resolve(template),
    })

    it('is not called in sync, and told how it is mended', async () => {
      const { told } = await running(launching({ type: 'version', image: one }), [images[1]!])
      const error = await told('')
      assert.match(
        error!.message,
        /The group of acme-shop-staging-app-shop-main can replace no instance:\n {2}- its image/,
      )
      assert.match(error!.remedy, /make update-app ENV=staging REPO=shop BRANCH=main IMAGE=ami-/)
    })

    it('gets another image, and is told that there is no way back', async () => {
      const { stacks, told } = await running(launching({ type: 'version', image: one }), [images[1]!])
      const terminal = answering('yes')
      assert.equal(await told(two, terminal), undefined)
      assert.equal(stacks.states.get(name)!.parameters['ImageId'], two)
      assert.match(terminal.said.join('\n'), /could not go back to what it runs now: its image ami-00000000000000001/)
    })

    it('gets nothing where its launch template is gone, and is told to be made anew', async () => {
      const { told } = await running(launching({ type: 'no template' }), images)
      const error = await told(two)
      assert.match(error!.message, /can replace no instance:\n {2}- its launch template lt-1 was deleted$/)
      assert.match(error!.remedy, /make delete-app ENV=staging .*\n.*make create-app ENV=staging .* IMAGE=ami-/)
    })

    it('is planned, and told about, where nobody may ask', async () => {
      const denied = () => Promise.reject(accessDenied('no right to groups', null))
      const { told } = await running({ ...fakeFleet(), groups: denied }, images)
      const terminal = answering()
      assert.equal(await told('', terminal), undefined)
      assert.match(
        terminal.said.join('\n'),
        /^Not checked whether acme-\S+ can replace an instance: .*no right to groups/m,
      )
      assert.match(terminal.shown.at(-1)!, /in sync/)
    })
  })

  it('refuses an image that cannot be decrypted', async () => {
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/k'
    const known = [imageFacts(one, { encrypted: ['snap-1'] })]
    const region = fakeRegion({ images: known, snapshotKeys: { 'snap-1': key }, keyStates: { [key]: 'Disabled' } })
    const work = planApp({ ...settings, IMAGE: one }, fakePorts(answering(), region, { files: fakeFiles(templates) }))
    await assert.rejects(work, ({ message }: RigletError) =>
      /cannot be decrypted: the key \S+ is disabled/.test(message),
    )
  })

  it('refuses an image of another architecture than its instances', async () => {
    const { message } = await refusal(one, [imageFacts(one, { architecture: 'arm64' })])
    assert.match(message, /is arm64; instances of type t3\.small boot x86_64/)
    const other = await refusal(one, images, { INSTANCE_TYPE: 't4g.small' })
    assert.match(other.message, /is x86_64; instances of type t4g\.small boot arm64/)
  })

  it('refuses instances of a type that does not exist', async () => {
    assert.match((await refusal(one, images, { INSTANCE_TYPE: 'z9.huge' })).message, /no instances of type z9\.huge/)
  })

  it('wants an image id the first time, not the name of an image', async () => {
    assert.match((await refusal('web', images)).message, /IMAGE=web is not an image's id/)
    const work = changeApp('update', settings, ports(fakeStacks(), answering()))
    await assert.rejects(work, ({ remedy }: RigletError) =>
      /make create-app ENV=staging REPO=shop BRANCH=main IMAGE=ami-/.test(remedy),
    )
  })

  it('goes alone', async () => {
    const stacks = fakeStacks()
    await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
    assert.equal(await deleteApp(settings, ports(stacks, answering('yes'))), 0)
    assert.deepEqual(stacks.removed, [name])
  })
})
