import assert from 'node:assert/strict'
import { GetTemplateSummaryCommand } from '@aws-sdk/client-cloudformation'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { convergeStacks } from '../../../scripts/engine/converge-stacks.ts'
import { planStacks } from '../../../scripts/engine/plan-stacks.ts'
import { makeStacks } from '../../../scripts/aws/cloudformation/stacks.ts'
import { commandsOf } from '../../../scripts/core/commands.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import type { Stacks } from '../../../scripts/core/ports/stacks.ts'
import { decide } from '../../../scripts/core/stack/decide/decide.ts'
import type { Outcome } from '../../../scripts/core/stack/outcome.ts'
import { keepEarlier } from '../../../scripts/core/stack/decide/keep-earlier.ts'
import { readTemplate } from '../../../scripts/core/stack/template/read-template.ts'
import type { DesiredStack } from '../../../scripts/core/stack/desired.ts'
import { makeClock } from '../../../scripts/io/clock.ts'
import { answering } from '../../fakes/terminal.ts'
import { insideRehearsal } from '../rehearsal.ts'

const stack = (name: string, template: string, more: Partial<DesiredStack> = {}): DesiredStack => ({
  name,
  title: name,
  file: 'forms.yaml',
  template,
  parameters: {},
  tags: { Owner: 'contract' },
  capabilities: [],
  ...more,
})

const lookingUp = `
Parameters:
  Digest: { Type: String, Default: "" }
  Name: { Type: "AWS::SSM::Parameter::Value<String>", Default: /contract/name }
  Size: { Type: String, Default: 1.10 }
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: !Ref Name }
`
const referring = `
Parameters:
  Digest: { Type: String, Default: "" }
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: "{{resolve:ssm:/contract/name}}" }
`

describe('templates as their authors write them', function () {
  this.timeout(60_000)
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  let stacks: Stacks
  const calls: string[] = []

  before(() => {
    const real = makeStacks({ region: 'us-east-1' }, clock)
    stacks = {
      ...real,
      find: (...of) => (calls.push('find'), real.find(...of)),
      plan: (...of) => (calls.push('plan'), real.plan(...of)),
    }
  })

  const commands = commandsOf('environment', {})
  const ports = (): Ports => ({ stacks, clock, terminal: answering('yes') }) as Partial<Ports> as Ports
  const converge = (purpose: 'create' | 'update', desired: DesiredStack): Promise<Outcome> =>
    convergeStacks([desired], { purpose, question: 'Change?', commands }, ports())
  const says = (Value: string) =>
    ground.aws.ssm.send(new PutParameterCommand({ Name: '/contract/name', Value, Type: 'String', Overwrite: true }))

  for (const [title, name, template] of [
    ['a parameter whose value Parameter Store keeps', 'contract-looking-up', lookingUp],
    ['a dynamic reference', 'contract-referring', referring],
  ] as const)
    it(`are planned whenever CloudFormation would look something up, and in sync only when it found nothing: ${title}`, async () => {
      const desired = stack(name, template)
      await says('one')
      assert.equal((await converge('create', desired)).type, 'done')
      // Nothing has changed: CloudFormation is asked, and its empty change set is the answer.
      calls.length = 0
      assert.deepEqual(await converge('update', desired), { type: 'unchanged', stacks: [name] })
      assert.deepEqual(calls.includes('plan'), true)
      const settings = { commands, commitTag: 'Commit', json: true }
      assert.deepEqual(await planStacks([desired], settings, ports()), [{ type: 'unchanged', stack: name }])
      await says('two')
      const [plan] = await planStacks([desired], settings, ports())
      assert.ok(plan?.type === 'changes')
      assert.deepEqual(
        plan.changes.map(({ logicalId, action }) => [logicalId, action]),
        [['Topic', 'modify']],
      )
      assert.equal((await converge('update', desired)).type, 'done')
      assert.equal((await converge('update', desired)).type, 'unchanged')
    })

  it('cost one call and no change set where nothing is looked up and nothing has changed', async () => {
    const plain = stack('contract-plain', lookingUp.replace('"AWS::SSM::Parameter::Value<String>"', 'String'))
    await converge('create', plain)
    assert.equal((await decide(plain, await stacks.find(plain.name))).type, 'in sync')
    calls.length = 0
    assert.equal((await converge('update', plain)).type, 'unchanged')
    assert.deepEqual(calls, ['find'])
  })

  it('keep a value that AWS hides, and what was set by hand, when they are written anew', async () => {
    const template = `
Parameters:
  Digest: { Type: String, Default: "" }
  Secret: { Type: String, NoEcho: true }
  Size: { Type: String, Default: t3.micro }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Size } }
Outputs:
  Said: { Value: !Sub "\${Secret} \${Size}" }
`
    const first = stack('contract-hiding', template, { parameters: { Secret: 'hush-hush', Size: 't3.small' } })
    await converge('create', first)
    const state = (await stacks.find(first.name))!
    assert.equal(state.parameters['Secret'], '****')
    const written = template
      .replace('Parameters:', 'Parameters: # what may be set')
      .replace('  Size:', '# sizes\n  "Size":')
      .replaceAll(/^ +/gm, '$&$&')
      .replaceAll('\n', '\r\n')
      .replace('Properties: {', 'Properties: { TopicName: contract-hiding-topic,')
    const again = keepEarlier(
      stack(first.name, written),
      state.parameters,
      readTemplate('forms.yaml', written).parameters,
    )
    const outcome = await converge('update', again)
    assert.equal(outcome.type === 'done' && outcome.ends[0]?.type, 'done')
    assert.equal((await stacks.find(first.name))?.outputs['Said'], 'hush-hush t3.small')
    assert.equal((await converge('update', again)).type, 'unchanged')
  })

  it('have the defaults that CloudFormation says they have', async () => {
    const written = [
      '1.10',
      '010',
      '1_000',
      '0x1F',
      '12:30:45',
      'yes',
      'on',
      'true',
      '2010-09-09',
      '1e3',
      '-1',
      '+1',
      '"x"',
    ]
    const section = written.map((value, index) => `  P${index}: { Type: String, Default: ${value} }\n`).join('')
    const template = `Parameters:\n${section}Resources:\n  Topic: { Type: AWS::SNS::Topic }\n`
    for (const TemplateBody of [template, template.replaceAll('\n', '\r\n')]) {
      const { Parameters = [] } = await ground.aws.cloudformation.send(new GetTemplateSummaryCommand({ TemplateBody }))
      const { parameters } = readTemplate('forms.yaml', TemplateBody)
      assert.equal(Parameters.length, written.length)
      for (const { ParameterKey = '', DefaultValue = '' } of Parameters) {
        const { defaults } = parameters.get(ParameterKey)!
        assert.ok(defaults.includes(DefaultValue), `${defaults.join(' or ')}, not ${DefaultValue}`)
      }
    }
  })
})
