import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { loadTemplate } from './support/template.ts'

type Spec = {
  readonly env: { readonly 'exported-variables': readonly string[] }
  readonly reports?: Readonly<Record<string, unknown>>
}

const specs = ['buildspec.yml', 'buildspec-verify.yml', 'buildspec-configure.yml', 'buildspec-publish.yml']
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

describe('the build specifications', () => {
  it('are one for Verify, one for Configure, and one for all others', async () => {
    const { VerifyProject, ConfigureProject, ...others } = await specOf()
    assert.equal(VerifyProject, 'buildspec-verify.yml')
    assert.equal(ConfigureProject, 'buildspec-configure.yml')
    assert.deepEqual([...new Set(Object.values(others))], ['buildspec.yml'])
  })

  // What CodeBuild makes of such a section in an action without an output is not documented.
  it('name artifacts only where every action of the project hands some over', async () => {
    const { Resources } = await loadTemplate('pipeline')
    type Action = { Name: string; OutputArtifacts?: unknown; Configuration: { ProjectName?: object } }
    type Stage = { Actions: Action[] }
    const entries = Resources['Pipeline']!.Properties!['Stages'] as unknown as (Stage | { 'Fn::If': [string, Stage] })[]
    const actions = entries.flatMap((entry) => ('Actions' in entry ? entry : entry['Fn::If'][1]).Actions)
    for (const [project, file] of Object.entries(await specOf())) {
      const { artifacts } = parse(await readFile(file, 'utf8')) as { artifacts?: unknown }
      const of = actions.filter(({ Configuration: { ProjectName } }) =>
        JSON.stringify(ProjectName ?? '').includes(`-${project}"`),
      )
      for (const { Name, OutputArtifacts } of of)
        assert.equal(artifacts === undefined, OutputArtifacts === undefined, `${project} in ${Name}`)
      if (artifacts !== undefined) assert.ok(of.length > 0, project)
    }
  })

  // https://docs.aws.amazon.com/codebuild/latest/userguide/report-create.html: <project>-<name>, made where missing.
  it('name a report group only where the stack has it', async () => {
    assert.equal((await read('buildspec.yml')).reports, undefined)
    assert.deepEqual(Object.keys((await read('buildspec-verify.yml')).reports!), ['checks'])
    const { Resources } = await loadTemplate('jobs')
    const nameOf = (id: string): string => (Resources[id]!.Properties!['Name'] as { 'Fn::Sub': string })['Fn::Sub']
    assert.equal(nameOf('Reports'), `${nameOf('VerifyProject')}-checks`)
  })

  it('take tools of a digest that control says, and keep nothing on their host for the next build', async () => {
    for (const file of specs) {
      const { phases, cache } = parse(await readFile(file, 'utf8')) as { phases: unknown; cache?: unknown }
      assert.match(JSON.stringify(phases), /setup\/build-tools fetch \\"\$TOOLS_BUCKET\\"/)
      assert.equal(cache, undefined)
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
    assert.deepEqual(await missing('buildspec.yml', ['Bake', 'Plan', 'Packet', 'Smoke']), [])
    assert.deepEqual(await missing('buildspec-verify.yml', ['Verify']), [])
    assert.deepEqual(await missing('buildspec-configure.yml', ['Configure']), [])
  })
})
