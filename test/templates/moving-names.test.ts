import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { loadTemplate, templateNames, type Template, type Tree, type Value } from './support/template.ts'

/** All texts in a template with the path to each. */
function* textsIn(value: Value | undefined, path = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value]
  else if (value !== null && typeof value === 'object')
    for (const [key, part] of Object.entries(value)) yield* textsIn(part as Value, `${path}.${key}`)
}

const imageOf = (Properties: Tree = {}): Value | undefined => (Properties['LaunchTemplateData'] as Tree)?.['ImageId']

/** What in a template would be another image, or another template version, tomorrow than today, with nobody deploying anything. */
function movingNames({ Parameters = {}, Resources }: Template): readonly string[] {
  const looked = Object.entries(Parameters)
    .filter(([, { Type }]) => Type.startsWith('AWS::SSM::Parameter::'))
    .map(([name, { Type }]) => `${name} is ${Type}`)
  const moving = [...textsIn(Resources as unknown as Value)]
    .filter(([, text]) => /resolve:ssm|\/aws\/service\/(?!debian\/\*)|^\$(?:Latest|Default)$/.test(text))
    .map(([path, text]) => `${path} is ${text}`)
  const launched = Object.entries(Resources)
    .map(
      ([name, { Type, Properties }]) =>
        [name, Type === 'AWS::EC2::LaunchTemplate' ? imageOf(Properties) : undefined] as const,
    )
    .filter(([, image]) => image !== undefined && JSON.stringify(image) !== '{"Ref":"ImageId"}')
    .map(([name, image]) => `${name} launches ${JSON.stringify(image)}`)
  return [...looked, ...moving, ...launched]
}

describe('no image is named by what moves, where it runs', () => {
  for (const name of templateNames)
    it(`in ${name}.yaml: an image comes by its id, as a parameter that a change set shows (B05)`, async () => {
      assert.deepEqual(movingNames(await loadTemplate(name)), [])
    })

  it('is seen in every form that CloudFormation and Auto Scaling have for it', () => {
    const template = (data: Tree, version: Value = '1', Type = 'String') =>
      ({
        Parameters: { Newest: { Type } },
        Resources: {
          Launch: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: data } },
          Group: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { LaunchTemplate: { Version: version } } },
        },
      }) as unknown as Template
    const fixed = { ImageId: { Ref: 'ImageId' } }
    assert.deepEqual(movingNames(template(fixed)), [])
    for (const bad of [
      template({ ImageId: '{{resolve:ssm:/aws/service/debian/release/12/latest/amd64}}' }),
      template({ ImageId: 'resolve:ssm:/acme/shop/channel/stable/web/x86_64' }),
      template({ ImageId: { Ref: 'Newest' } }),
      template(fixed, '$Latest'),
      template(fixed, '$Default'),
      template(fixed, '1', 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'),
    ])
      assert.ok(movingNames(bad).length > 0, JSON.stringify(bad))
  })

  it('nor by code: only a bake asks for a newest base and hands Packer its id, and a revocation, whether one can be baked', async () => {
    const code = globSync('scripts/**/*.ts').map((path) => [path, readFileSync(path, 'utf8')] as const)
    const saying = (words: RegExp): string[] => code.flatMap(([path, text]) => (words.test(text) ? [path] : [])).sort()
    assert.deepEqual(saying(/\/aws\/service\//), ['scripts/core/image/base.ts'])
    assert.deepEqual(saying(/baseParameter\(/), [
      'scripts/actions/image/find-base.ts',
      'scripts/actions/revocation/plan-rebuilds.ts',
    ])
    assert.deepEqual(saying(/resolve:ssm:/), [])
    for (const path of globSync('packer/**/*.{hcl,json}'))
      assert.doesNotMatch(
        readFileSync(path, 'utf8'),
        /most_recent|source_ami_filter|amazon-ami|amazon-parameterstore/,
        path,
      )
    // Of all that is deployed, Bake's role alone may read such a name.
    const reading = [...textsIn((await loadTemplate('jobs')).Resources as unknown as Value)].filter(([, text]) =>
      text.includes('/aws/service/'),
    )
    assert.deepEqual(new Set(reading.map(([path]) => path.split('.')[1])), new Set(['BakeRole']))
  })
})
