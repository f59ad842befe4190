import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { stackSettings } from '../../scripts/core/settings/stack-settings.ts'
import { loadTemplate, type Tree } from '../templates/support/template.ts'

const files = ['jobs', 'publication'] as const
type Environment = {
  readonly Image: unknown
  readonly EnvironmentVariables: readonly { Name: string; Value: unknown }[]
}

/** Every CodeBuild project of every template, with what it runs. */
const projects = async () =>
  (await Promise.all(files.map(loadTemplate))).flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::CodeBuild::Project')
      .map(([id, { Properties }]) => ({
        id,
        environment: Properties!['Environment'] as unknown as Environment,
        spec: String((Properties!['Source'] as Tree)['BuildSpec']),
      })),
  )
const valueOf = ({ EnvironmentVariables }: Environment, name: string): unknown =>
  EnvironmentVariables.find(({ Name }) => Name === name)?.Value

describe('the jobs of all pipelines', () => {
  it('run a make target each that is listed and that a person can run: verify is one by itself (G09, G31)', async () => {
    const makefile = await readFile('Makefile', 'utf8')
    const targets = (await projects()).map(({ environment }) => String(valueOf(environment, 'TARGET')))
    assert.ok(targets.length >= 11)
    for (const target of [...targets, 'await-app'])
      assert.match(makefile, new RegExp(`^${target}:.* ## .`, 'm'), target)
    assert.ok(targets.includes('verify'))
  })

  it('do nothing but that: their specifications bring the tools, call make and hand over (G31)', async () => {
    for (const file of new Set((await projects()).map(({ spec }) => spec))) {
      const { phases } = parse(await readFile(file, 'utf8')) as { phases: Record<string, { commands: string[] }> }
      assert.deepEqual(Object.keys(phases), ['install', 'build'], file)
      assert.deepEqual(phases['install']!.commands, ['bash setup/build-tools fetch "$TOOLS_BUCKET"'], file)
      const [made, make, hands, ...others] = phases['build']!.commands
      assert.equal(made, 'mkdir -p out reports')
      assert.match(make!, /^make "\$TARGET" SOURCE=/)
      assert.match(hands!, /^if \[ -f out\/exports\.env \]/)
      assert.deepEqual(others, [])
    }
  })

  it('have one environment, by one setting and from one bucket (G26, G28)', async () => {
    for (const { id, environment } of await projects()) {
      assert.deepEqual(environment.Image, { Ref: 'BuildImage' }, id)
      assert.deepEqual(valueOf(environment, 'TOOLS_BUCKET'), {
        'Fn::ImportValue': { 'Fn::Sub': '${Artifacts}-ArtifactBucket' },
      })
    }
    const templates = await Promise.all(files.map(loadTemplate))
    const images = templates.map(({ Parameters }) => Parameters['BuildImage']!.Default)
    assert.equal(new Set(images).size, 1)
    for (const file of files) assert.equal(stackSettings[file].BuildImage, 'BUILD_IMAGE')
  })

  it('take the versions of their tools from one file, which no other one says again (G26)', async () => {
    const versions = await readFile('setup/versions.env', 'utf8')
    const named = [...versions.matchAll(/^([A-Z_]+)=(\S+)$/gm)].map(([, name, value]) => [
      name!,
      value!.replace(/['"]/g, ''),
    ])
    assert.ok(named.length > 2)
    const others = await Promise.all(
      [
        'Makefile',
        'buildspec.yml',
        'buildspec-verify.yml',
        'buildspec-publish.yml',
        'cloudformation/jobs.yaml',
        'setup/build-tools',
      ].map(async (file) => [file, await readFile(file, 'utf8')] as const),
    )
    const again = others.flatMap(([file, text]) =>
      named
        .filter(([, value]) => /\d+\.\d+\.\d+/.test(value!) && text.includes(value!))
        .map(([name]) => `${file} ${name}`),
    )
    assert.deepEqual(again, [])
  })
})
