import assert from 'node:assert/strict'
import { DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { CreateStackCommand, DescribeStacksCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation'
import { CreateTagsCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2'
import { before, describe, it } from 'mocha'
import { changeApp, type AppSettings } from '../../scripts/actions/app/app.ts'
import { convergeStacks } from '../../scripts/engine/converge-stacks.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import { commandsOf } from '../../scripts/core/commands.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { artifacts } from '../../scripts/core/layers/artifacts.ts'
import { foundation as groundLayer } from '../../scripts/core/layers/foundation.ts'
import { desiredStack } from '../../scripts/core/layers/layer.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeFiles } from '../../scripts/io/files.ts'
import { answering } from '../fakes/terminal.ts'
import { insideRehearsal } from './rehearsal.ts'

const riglet = { owner: 'acme', project: 'shop' }
const fileText = `environments:
  integration:
    apps:
      shop/main: { hostName: shop.example.com, minSize: 0 }
      blog/main: { hostName: blog.example.com, minSize: 0 }
      any/main: { minSize: 0 }
      late/main: { minSize: 0 }
`

/** Real ports and templates; nobody needs a running instance to see which rule leads where. */
describe('two apps on one load balancer', function () {
  this.timeout(120_000)
  const ground = insideRehearsal()
  let ports: Ports
  let image = ''

  const deploy = async (purpose: 'create' | 'update', repo: string, more: Partial<AppSettings> = {}): Promise<void> => {
    const [OWNER, PROJECT, REGION, ENV] = ['acme', 'shop', 'us-east-1', 'integration']
    const settings = { OWNER, PROJECT, REGION, ENV, REPO: repo, BRANCH: 'main', IMAGE: image, ...more }
    assert.equal(await changeApp(purpose, settings, { ...ports, terminal: answering('yes') }), 0)
  }
  /** Of a pipeline's jobs nothing but what its app imports: the role of its machines. */
  const makeRoles = async (repo: string): Promise<void> => {
    const StackName = `acme-shop-jobs-${repo}-main`
    const Principal = { Service: 'ec2.amazonaws.com' }
    const AssumeRolePolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
    }
    const TemplateBody = JSON.stringify({
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } },
        Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
      },
      Outputs: {
        Profile: { Value: { Ref: 'Profile' }, Export: { Name: `${StackName}-integrationInstanceProfile` } },
      },
    })
    const client = ground.aws.cloudformation
    await client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }))
    await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName })
  }
  const foundation = async () => {
    const named = new DescribeStacksCommand({ StackName: 'acme-shop-integration-foundation' })
    return (await ground.aws.cloudformation.send(named)).Stacks![0]!
  }
  /** What the listener asks, in its order: the host, or `any`. */
  const asked = async (): Promise<readonly (readonly [string, number])[]> => {
    const ListenerArn = (await foundation()).Outputs!.find(({ OutputKey }) => OutputKey === 'ListenerArn')!.OutputValue!
    const { Rules = [] } = await ground.aws.elb.send(new DescribeRulesCommand({ ListenerArn }))
    return Rules.filter(({ IsDefault }) => !IsDefault)
      .map(({ Priority, Conditions = [] }) => {
        const host = Conditions.find(({ Field }) => Field === 'host-header')
        return [host?.HostHeaderConfig?.Values?.[0] ?? host?.Values?.[0] ?? 'any', Number(Priority)] as const
      })
      .toSorted(([, one], [, other]) => one - other)
  }
  const stacks = async (): Promise<readonly string[]> => {
    const { Stacks = [] } = await ground.aws.cloudformation.send(new DescribeStacksCommand({}))
    return Stacks.map(({ StackName = '' }) => StackName)
      .filter((name) => name.includes('-app-'))
      .sort()
  }

  before(async function () {
    this.timeout(120_000)
    const clock = makeClock(new AbortController().signal)
    const files = makeFiles('.')
    const readIfThere = (path: string) =>
      path === 'environments.yaml' ? Promise.resolve(fileText) : files.readIfThere(path)
    ports = {
      ...makeRegional({ region: 'us-east-1' }, clock),
      clock,
      files: { ...files, readIfThere },
      terminal: answering('yes'),
    } as Partial<Ports> as Ports
    const desired = [
      desiredStack(groundLayer, { riglet, environment: 'integration' }, await files.read(groundLayer.template), {}),
      desiredStack(artifacts, { riglet }, await files.read(artifacts.template), {}),
    ]
    const how = {
      purpose: 'create',
      question: 'Create?',
      commands: commandsOf('environment', {}),
      json: false,
    } as const
    await convergeStacks(desired, { ...how, commitTag: undefined }, ports)
    const { Images = [] } = await ground.aws.ec2.send(new DescribeImagesCommand({ Owners: ['136693071363'] }))
    image = Images[0]!.ImageId!
    // It stands in for one of ours, which carries these tags.
    const Tags = [
      { Key: 'Owner', Value: 'acme' },
      { Key: 'Project', Value: 'shop' },
    ]
    await ground.aws.ec2.send(new CreateTagsCommand({ Resources: [image], Tags }))
    await Promise.all(['shop', 'any', 'blog'].map(makeRoles))
  })

  it('each get a rule of their own host from environments.yaml, and a catch-all comes behind them', async () => {
    await deploy('create', 'shop')
    await deploy('create', 'any')
    await deploy('create', 'blog')
    const rules = await asked()
    assert.deepEqual(
      rules
        .map(([host]) => host)
        .slice(0, 2)
        .sort(),
      ['blog.example.com', 'shop.example.com'],
    )
    assert.equal(rules[2]![0], 'any')
    assert.equal(new Set(rules.map(([, number]) => number)).size, 3)
  })

  it('are not joined by a second catch-all, nor by one of the same host: the stack that has it is named', async () => {
    const [before, since] = [await stacks(), (await ground.rehearsal.journal(0)).length]
    const refused = (stack: string) => (error: RigletError) =>
      error.code === 'RULE_TAKEN' && error.message.includes(`acme-shop-integration-app-${stack}-main does so already`)
    await assert.rejects(deploy('create', 'late'), refused('any'))
    await assert.rejects(deploy('create', 'late', { HOST_NAME: 'shop.example.com' }), refused('shop'))
    await assert.rejects(deploy('update', 'blog', { HOST_NAME: '' }), refused('any'))
    assert.deepEqual(await stacks(), before)
    const calls = (await ground.rehearsal.journal(0)).slice(since).map(({ operation }) => operation)
    assert.ok(!calls.includes('CreateChangeSet'), calls.join())
    assert.equal(calls.filter((operation) => operation === 'DescribeRules').length, 3)
  })

  it('keep their numbers, and nobody asks the listener for that', async () => {
    const [rules, since] = [await asked(), (await ground.rehearsal.journal(0)).length]
    await deploy('update', 'shop', { MAX_SIZE: '3' })
    await deploy('update', 'shop', { HOST_NAME: 'www.example.com', MAX_SIZE: '3' })
    const hosts = rules.map(([host, number]) => [host === 'shop.example.com' ? 'www.example.com' : host, number])
    assert.deepEqual(await asked(), hosts)
    const calls = (await ground.rehearsal.journal(0)).slice(since).map(({ operation }) => operation)
    // Our own look at the end, and one for the new host.
    assert.equal(calls.filter((operation) => operation === 'DescribeRules').length, 2 + 1)
  })
})
