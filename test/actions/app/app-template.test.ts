import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { changeApp } from '../../../scripts/actions/app/app.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { readTemplate } from '../../../scripts/core/stack/template/read-template.ts'
import { keptDigest } from '../../../scripts/core/stack/decide/kept-digest.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { app } from '../../../scripts/core/layers/app.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings, templates } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'
import { name, one, two, images } from './support/app.ts'

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
})
