import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RigletError } from '../../../../scripts/core/errors.ts'
import { readTemplate } from '../../../../scripts/core/stack/template/read-template.ts'

const folder = resolve(import.meta.dirname, '../../../../cloudformation')
const read = (text: string) => readTemplate('web.yaml', text)
const defaultsIn = (text: string) => [...read(text).parameters].map(([name, { defaults }]) => [name, ...defaults])
const refusal = (text: string, file = 'web.yaml'): RigletError => {
  try {
    readTemplate(file, text)
  } catch (error) {
    return error as RigletError
  }
  assert.fail('it was taken')
}

const template = `Parameters:
  A:
    Type: String
    Description: "it was Default: t3.small"
    Default: one
  B: { Type: Number, Default: 2 }
  C: { Type: String }
Resources: {}
`

describe('reading a template', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['as it is', template],
    ['with the line ends of Windows', template.replaceAll('\n', '\r\n')],
    ['behind a byte order mark', `\uFEFF${template}`],
    ['with a comment behind the section', template.replace('Parameters:', 'Parameters: # what may be set')],
    ['with comments in column 0 among the parameters', template.replace('  B:', '# B is a number\n\n  B:')],
    ['indented by four', template.replaceAll(/^ +/gm, (spaces) => spaces + spaces)],
    ['with quoted keys', template.replace('  A:', '  "A":').replace('Parameters:', "'Parameters':")],
    ['with a section before and behind', `Mappings:\n  Default: { x: { y: 1 } }\n${template}Outputs: {}\n`],
    [
      'as JSON',
      JSON.stringify({
        Parameters: {
          A: { Type: 'String', Description: 'Default: t3.small', Default: 'one' },
          B: { Type: 'Number', Default: 2 },
          C: { Type: 'String' },
        },
        Resources: {},
      }),
    ],
    [
      'as JSON indented by tabs',
      JSON.stringify(
        { Parameters: { A: { Default: 'one' }, B: { Default: 2 }, C: {} }, Resources: {} },
        undefined,
        '\t',
      ),
    ],
  ]
  for (const [title, text] of forms)
    it(`knows its parameters ${title}`, () => {
      assert.deepEqual(defaultsIn(text), [['A', 'one'], ['B', '2'], ['C']])
    })

  it('takes for a default what CloudFormation may say of it, also where YAML 1.1 reads it otherwise', () => {
    const defaults: readonly (readonly [string, readonly string[]])[] = [
      ['1.10', ['1.1', '1.10']],
      ['"1.10"', ['1.10']],
      ['010', ['8', '010']],
      ['yes', ['true', 'yes']],
      ['"yes"', ['yes']],
      ['true', ['true']],
      ['2010-09-09', ['2010-09-09']],
      ["'x # y'", ['x # y']],
      ['""', ['']],
      ['', []],
      ['~', []],
      ['[a, b]', []],
      ['>-\n      a\n      b', ['a b']],
      ['!Ref X', ['X']],
    ]
    for (const [written, expected] of defaults)
      assert.deepEqual(
        read(`Parameters:\n  A:\n    Default: ${written}\nResources: {}\n`).parameters.get('A')!.defaults,
        expected,
        written,
      )
  })

  it('knows which parameters AWS hides', () => {
    const text =
      'Parameters:\n  A: { NoEcho: true }\n  B: { NoEcho: "TRUE" }\n  C: { NoEcho: no }\n  D:\nResources: {}\n'
    assert.deepEqual(
      [...read(text).parameters.values()].map(({ noEcho }) => noEcho),
      [true, true, false, false],
    )
  })

  it('reads each of our own', () => {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      const { parameters, resolvesAnew } = readTemplate(file, readFileSync(resolve(folder, file), 'utf8'))
      assert.deepEqual(parameters.get('Digest')?.defaults, [''], file)
      assert.equal(resolvesAnew, false, file)
    }
  })

  const own = readFileSync(resolve(folder, 'app-image.yaml'), 'utf8')
  const written: readonly (readonly [string, string])[] = [
    ["Windows's line ends", own.replaceAll('\n', '\r\n')],
    ['a comment behind Parameters', own.replace('\nParameters:', '\nParameters: # what may be set')],
    ['four spaces', own.replace(/^Parameters:\n[^]*?\n\n/m, (section) => section.replaceAll(/^ +/gm, '$&$&'))],
    ['a quoted key', own.replace('\n  InstanceType:\n', '\n  "InstanceType":\n')],
    ['a default within a description', own.replace('Description: Type of', 'Description: "Default: t3.small"\n    #')],
    ['a comment in column 0', own.replace('\n  InstanceType:\n', '\n# sizes\n  InstanceType:\n')],
  ]
  for (const [title, text] of written)
    it(`finds the same in our app's template with ${title}`, () => {
      assert.notEqual(text, own)
      assert.deepEqual(read(text).parameters, read(own).parameters)
    })

  describe('that updating looks things up for', () => {
    const type = (of: string) => `Parameters:\n  A: { Type: "${of}" }\nResources: {}\n`
    const value = (of: string) => `Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      X: ${of}\n`
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['a value of an SSM parameter', type('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>'), true],
      ['a list of them', type('AWS::SSM::Parameter::Value<List<String>>'), true],
      ['only the name of one', type('AWS::SSM::Parameter::Name'), false],
      ['a dynamic reference', value('"{{resolve:ssm:/image}}"'), true],
      ['one within a function', value('!Sub "x-{{resolve:secretsmanager:${A}:SecretString:key}}"'), true],
      ['one to a numbered version', value('"{{resolve:ssm:/image:3}}"'), false],
      ['a transform', `Transform: AWS::Serverless-2016-10-31\n${type('String')}`, true],
      ['a macro in a resource', value('!Transform { Name: AWS::Include, Parameters: { Location: s3://a/b } }'), true],
      ['a macro in its long form', value('{ "Fn::Transform": { Name: Own } }'), true],
      ['a nested stack', 'Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n', true],
      ['a module', 'Resources:\n  A:\n    Type: Acme::S3::Bucket::MODULE\n', true],
      ['none of that', value('!Sub "${A}"'), false],
    ]
    for (const [title, text, expected] of cases)
      it(`${expected ? 'is known by' : 'is not'} ${title}`, () => {
        assert.equal(read(text).resolvesAnew, expected)
      })
  })

  describe('with a fault in it', () => {
    const faults: readonly (readonly [string, string, RegExp])[] = [
      [
        'an asterisk that YAML takes for an alias',
        'Resources:\n  A:\n    Value: */index.html\n',
        /^web\.yaml:3:12: \*\/index\.html is an alias to YAML.*in quotes/,
      ],
      ['a real alias', 'Resources:\n  A: &a {}\n  B: *a\n', /^web\.yaml:3:6: \*a is an alias/],
      ['a bracket that stays open', 'Resources:\n  A:\n    Type: [X\n  B: {}\n', /^web\.yaml:4:3: Flow sequence/],
      ['a key that stands twice', 'Resources:\n  A: {}\n  A: {}\n', /^web\.yaml:3:3: .*unique/],
      ['a tag that CloudFormation does not have', 'Resources:\n  A: !Foo bar\n', /^web\.yaml:2:6: .*!Foo/],
      ['a tab', 'Resources:\n\tA: {}\n', /^web\.yaml:2:1: .*[Tt]abs/],
      ['JSON that is cut short', '{"Resources": {', /^web\.yaml:1:16: /],
      ['two documents', 'Resources: {}\n---\nResources: {}\n', /^web\.yaml:\d:1: .*multiple documents/],
      ['a section that is a list', 'Parameters: []\nResources: {}\n', /^web\.yaml:1:13: Parameters must hold names/],
      ['no resources', 'Outputs: {}\n', /^web\.yaml:1:1: a template needs Resources/],
      ['nothing at all', '', /^web\.yaml:1:1: a template needs Resources/],
      ['a text', 'Hello', /^web\.yaml:1:1: a template needs Resources/],
      ['resources that are empty', 'Resources:\n', /^web\.yaml:1:1: a template needs Resources/],
    ]
    for (const [title, text, message] of faults)
      it(`says where it stands: ${title}`, () => {
        const error = refusal(text)
        assert.equal(error.code, 'TEMPLATE')
        assert.match(error.message, message)
      })

    it('tells all aliases at once', () => {
      assert.deepEqual(refusal('Resources:\n  A: */a\n  B: */b\n').message.split('\n').length, 2)
    })
  })
})

describe('place of a complaint', () => {
  const { placeOfWords, placeOfPath } = read(
    'Metadata:\n  Route: x\nResources:\n  Gateway:\n    Type: X\n  Route:\n    Properties:\n      GatewayId: !Ref Gatewai\n      Name: !Sub "${Stagee}-x"\n',
  )
  it('is where the name stands that CloudFormation mentions', () => {
    const words = 'Template format error: Unresolved resource dependencies [Gatewai] in the Resources block'
    assert.deepEqual(placeOfWords(words), { line: 8, column: 23 })
    assert.deepEqual(placeOfWords("Invalid template property 'Route'"), { line: 6, column: 3 })
    assert.deepEqual(placeOfWords('Unresolved [Stagee]'), { line: 9, column: 18 })
  })
  it('is not guessed when no name fits', () => {
    assert.equal(placeOfWords('Template format error: [Nothing] here'), undefined)
  })
  it('is as deep in a path as there is something', () => {
    assert.deepEqual(placeOfPath(['Resources', 'Route', 'Properties', 'GatewayId']), { line: 8, column: 7 })
    assert.deepEqual(placeOfPath(['Resources', 'Route', 'Properties', 'Missing']), { line: 7, column: 5 })
    assert.equal(placeOfPath(['Nothing']), undefined)
  })
})
