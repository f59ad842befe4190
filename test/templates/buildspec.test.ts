import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { parse } from 'yaml'
import { loadTemplate } from './support/template.ts'

type Spec = {
  readonly env: { readonly 'exported-variables': readonly string[] }
  readonly phases: { readonly install: { readonly 'runtime-versions': Readonly<Record<string, string>> } }
  readonly reports?: Readonly<Record<string, unknown>>
}

const specs = ['buildspec.yml', 'buildspec-verify.yml']
const read = async (file: string): Promise<Spec> => parse(await readFile(file, 'utf8')) as Spec

/** By project, such as BakeProject. */
const specOf = async (): Promise<Record<string, string>> => {
  const { Resources } = await loadTemplate('jobs')
  return Object.fromEntries(
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::CodeBuild::Project')
      .map(([id, { Properties }]) => [id, (Properties!['Source'] as { BuildSpec: string }).BuildSpec]),
  )
}

const number = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}

describe('the build specifications', () => {
  it('are one for Verify and one for all others', async () => {
    const { VerifyProject, ...others } = await specOf()
    assert.equal(VerifyProject, 'buildspec-verify.yml')
    assert.deepEqual([...new Set(Object.values(others))], ['buildspec.yml'])
  })

  // https://docs.aws.amazon.com/codebuild/latest/userguide/report-create.html: <project>-<name>, made where missing.
  it('name a report group only where the stack has it', async () => {
    assert.equal((await read('buildspec.yml')).reports, undefined)
    assert.deepEqual(Object.keys((await read('buildspec-verify.yml')).reports!), ['checks'])
    const { Resources } = await loadTemplate('jobs')
    const nameOf = (id: string): string => (Resources[id]!.Properties!['Name'] as { 'Fn::Sub': string })['Fn::Sub']
    assert.equal(nameOf('Reports'), `${nameOf('VerifyProject')}-checks`)
  })

  it('take runtimes that can make the tools where nothing is in the bucket yet', async () => {
    const programs = await readdir('setup/go')
    const wanted = await Promise.all(
      programs.map(async (name) => /^go (\S+)$/m.exec(await readFile(`setup/go/${name}/go.mod`, 'utf8'))![1]!),
    )
    const node = /^NODE_MINIMUM=(\S+)$/m.exec(await readFile('setup/versions.env', 'utf8'))![1]!
    for (const file of specs) {
      const { golang = '', nodejs = '' } = (await read(file)).phases.install['runtime-versions']
      for (const version of wanted) assert.ok(number(golang) >= number(version), `${file}: Go ${golang} < ${version}`)
      assert.ok(number(nodejs) >= number(node), `${file}: Node ${nodejs} < ${node}`)
    }
  })

  it('hand over every variable that a later action names', async () => {
    const { Resources } = await loadTemplate('pipeline')
    const text = JSON.stringify(Resources['Pipeline'])
    const named = (space: string): string[] => [
      ...new Set([...text.matchAll(new RegExp(`#\\{${space}\\.(\\w+)\\}`, 'g'))].map(([, name]) => name!)),
    ]
    const missing = async (file: string, spaces: readonly string[]): Promise<string[]> => {
      const exported = (await read(file)).env['exported-variables']
      return spaces.flatMap(named).filter((name) => !exported.includes(name))
    }
    assert.deepEqual(await missing('buildspec.yml', ['Bake', 'Plan', 'Packet']), [])
    assert.deepEqual(await missing('buildspec-verify.yml', ['Verify']), [])
  })
})
