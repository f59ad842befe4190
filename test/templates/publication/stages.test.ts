import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { render } from '../support/render.ts'
import { loadTemplate, type Value } from '../support/template.ts'

type Action = {
  readonly Name: string
  readonly RunOrder?: Value
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string }
  readonly InputArtifacts?: readonly { readonly Name: string }[]
  readonly OutputArtifacts?: readonly { readonly Name: string }[]
  readonly Configuration: Readonly<Record<string, Value>>
}
type If<One> = { readonly 'Fn::If': readonly [condition: string, one: One, none: unknown] }
type Stage = {
  readonly Name: string
  readonly BeforeEntry?: unknown
  readonly Actions: readonly (Action | If<Action>)[]
}

const inner = <One>(one: One | If<One>): One =>
  typeof one === 'object' && one !== null && 'Fn::If' in one ? (one as If<One>)['Fn::If'][1] : (one as One)

/** All of them, whatever the settings say. */
const stages = async (): Promise<readonly (Stage | If<Stage>)[]> =>
  (await loadTemplate('publication')).Resources['Pipeline']!.Properties!['Stages'] as unknown as Stage[]
const stage = async (name: string): Promise<Stage> => (await stages()).map(inner).find(({ Name }) => Name === name)!
const isApproval = (action: Action | If<Action>): boolean => inner(action).ActionTypeId.Category === 'Approval'
const isBuild = (action: Action): boolean => action.ActionTypeId.Provider === 'CodeBuild'

describe('the pipeline that publishes', () => {
  it('replicates by itself, and publishes, documents and promotes each behind an approval of its own (G11, G30)', async () => {
    const all = (await stages()).map(inner)
    assert.deepEqual(
      all.map(({ Name, Actions }) => [Name, Actions.map((action) => inner(action).Name)]),
      [
        ['Source', ['Source', 'Control']],
        ['Replicate', ['Replicate']],
        ['Publish', ['Approve', 'Publish']],
        ['Document', ['Approve', 'Document']],
        ['Promote', ['Approve', 'Promote']],
      ],
    )
  })

  it('asks once, to publish, where one approval is to do it all (G20)', async () => {
    const asking = (await stages())
      .map(inner)
      .flatMap(({ Name, Actions }) =>
        Actions.filter(isApproval).map((action) => [Name, 'Fn::If' in action ? action['Fn::If'][0] : 'always']),
      )
    assert.deepEqual(asking, [
      ['Publish', 'always'],
      ['Document', 'HasMoreApprovals'],
      ['Promote', 'HasMoreApprovals'],
    ])
    const { Conditions, Parameters } = await loadTemplate('publication')
    assert.deepEqual(Conditions!['HasMoreApprovals'], { 'Fn::Equals': [{ Ref: 'PromoteOnPublish' }, 'no'] })
    assert.equal(Parameters['PromoteOnPublish']!.Default, 'no')
    // Without the approval its build is the first of its stage.
    for (const name of ['Document', 'Promote'])
      assert.deepEqual(inner((await stage(name)).Actions[1]!).RunOrder, { 'Fn::If': ['HasMoreApprovals', 2, 1] })
  })

  it('shows who approves which image would go where for whom, and where the plan lies', async () => {
    const { Configuration } = inner((await stage('Publish')).Actions[0]!)
    assert.equal(Configuration['CustomData'], '#{Replicate.SUMMARY}')
    assert.match(String(render(Configuration['ExternalEntityLink']!)), /\?prefix=#\{Replicate\.PLAN_KEY\}$/)
  })

  it('publishes the image that was shown, whatever was verified meanwhile', async () => {
    const { Configuration } = inner((await stage('Publish')).Actions[1]!)
    const variables = JSON.parse(String(Configuration['EnvironmentVariables'])) as { name: string; value: string }[]
    assert.deepEqual(
      variables.find(({ name }) => name === 'IMAGE_ID'),
      { name: 'IMAGE_ID', value: '#{Replicate.IMAGE_ID}' },
    )
  })

  it('hands the manifest from Publish to Document and Promote, and runs control’s code alone (G16, G30)', async () => {
    const builds = (await stages()).map(inner).flatMap(({ Actions }) => Actions.map(inner).filter(isBuild))
    assert.deepEqual(
      builds.map(({ Name, InputArtifacts = [], OutputArtifacts = [], Configuration }) => [
        Name,
        InputArtifacts.map((one) => one.Name),
        OutputArtifacts.map((one) => one.Name),
        Configuration['PrimarySource'],
      ]),
      [
        ['Replicate', ['Control', 'Source'], [], 'Control'],
        ['Publish', ['Control', 'Source'], ['Published'], 'Control'],
        ['Document', ['Control', 'Published'], [], 'Control'],
        ['Promote', ['Control', 'Published'], [], 'Control'],
      ],
    )
  })

  it('runs a make target in each of its jobs (G31)', async () => {
    const { Resources } = await loadTemplate('publication')
    const makefile = await readFile('Makefile', 'utf8')
    const targets = Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::CodeBuild::Project')
      .map(
        ({ Properties }) => Properties!['Environment'] as { EnvironmentVariables: { Name: string; Value: string }[] },
      )
      .map(({ EnvironmentVariables }) => EnvironmentVariables.find(({ Name }) => Name === 'TARGET')!.Value)
    assert.deepEqual(targets, ['replicate', 'publish', 'document', 'promote'])
    for (const target of targets) assert.match(makefile, new RegExp(`^${target}: .* ## `, 'm'))
  })

  it('is started by a Verify that succeeded, and by no push (G27)', async () => {
    const { Resources } = await loadTemplate('publication')
    const rules = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Events::Rule')
    const [, start] = rules.find(([id]) => id === 'StartRule')!
    assert.deepEqual(render(start.Properties!['EventPattern']!), {
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Stage Execution State Change'],
      detail: { pipeline: ['acme-shop-pipeline-web-main'], stage: ['Verify'], state: ['SUCCEEDED'] },
    })
    assert.deepEqual(
      rules.map(([id]) => id),
      ['StartRule', 'EndRule'],
    )
  })

  it('promotes only what was pushed with a release tag (G18, G27)', async () => {
    assert.match(
      JSON.stringify((await stage('Promote')).BeforeEntry),
      /"Variable":"#\{Publish\.RELEASED\}","Value":"yes"/,
    )
  })

  it('hands over every variable that a later action names', async () => {
    const text = JSON.stringify((await loadTemplate('publication')).Resources['Pipeline'])
    for (const [space, file] of [
      ['Replicate', 'buildspec.yml'],
      ['Publish', 'buildspec-publish.yml'],
    ] as const) {
      const { env, artifacts } = parse(await readFile(file, 'utf8')) as {
        env: { 'exported-variables': string[] }
        artifacts?: { files: string[] }
      }
      const named = [...text.matchAll(new RegExp(`#\\{${space}\\.(\\w+)\\}`, 'g'))].map(([, name]) => name!)
      assert.ok(named.length > 2)
      assert.deepEqual(
        named.filter((name) => !env['exported-variables'].includes(name)),
        [],
      )
      assert.equal(artifacts === undefined, space === 'Replicate')
    }
  })
})
