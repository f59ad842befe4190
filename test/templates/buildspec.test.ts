import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { loadTemplate } from './support/template.ts'

type Spec = {
  readonly env: { readonly 'exported-variables': readonly string[] }
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
    assert.deepEqual(await missing('buildspec.yml', ['Bake', 'Configure', 'Plan', 'Packet', 'Smoke']), [])
    assert.deepEqual(await missing('buildspec-verify.yml', ['Verify']), [])
  })
})
