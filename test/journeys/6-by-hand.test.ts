import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import type { StackPlan } from '../../scripts/core/stack/plan.ts'
import { clients } from './support/aws.ts'
import { copyOf } from './support/machines.ts'
import { startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { statusOf } from './support/stacks.ts'
import { newUser, type User } from './support/user.ts'
import { identityAt } from './support/visitor.ts'

const foundation = 'acme-shop-integration-foundation'
const artifacts = 'acme-shop-artifacts'
const pipeline = 'acme-shop-pipeline-web-main'
const app = 'acme-shop-integration-app-web-main'
const here = 'ENV=integration'

type State = { readonly stack: string; readonly status: string | null; readonly health: string }

/** A riglet made layer by layer with the verbs of `make help`; its pipeline never runs. */
describe('a riglet made by hand', function () {
  this.timeout(300_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let image = ''

  const data = async <Data>(...words: readonly string[]): Promise<Data> =>
    JSON.parse((await user.does(...words, 'JSON=1')).stdout) as Data
  /** Each stack's status and what it means, as `status-...` tells them. */
  const states = async (noun: string): Promise<readonly string[]> =>
    (await data<State[]>(`status-${noun}`, here)).map(({ stack, status, health }) => `${stack} ${status} ${health}`)
  const planned = async (noun: string, ...words: readonly string[]): Promise<readonly string[]> =>
    (await data<StackPlan[]>(`plan-${noun}`, here, ...words)).map((plan) =>
      plan.type === 'unchanged' ? `${plan.stack} unchanged` : `${plan.stack} ${plan.operation}`,
    )
  /** A target that asks, where there is nobody to say yes. */
  const refuses = async (...words: readonly string[]): Promise<void> => {
    const { code, stderr } = await user.make(...words)
    assert.notEqual(code, 0)
    assert.match(stderr, /There is no terminal to ask on: .*\?\n[^]*If the answer is yes, add YES=1\./)
  }

  before(async () => {
    rehearsal = await startRehearsal('journey-by-hand')
    user = await newUser('by-hand', rehearsal)
    aws = clients(rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('gets an environment that was planned, shown and confirmed', async () => {
    assert.deepEqual(await states('environment'), [`${foundation} null none`])
    assert.deepEqual(await planned('environment'), [`${foundation} create`])
    await refuses('create-environment', here)
    assert.equal(await statusOf(aws, foundation), 'none')
    const { stdout } = await user.does('create-environment', here, 'YES=1')
    assert.match(stdout, /\+ Vpc +vpc\n/)
    assert.match(stdout, /acme-shop integration: created\n$/)
    assert.deepEqual(await states('environment'), [`${foundation} CREATE_COMPLETE ready`])
    assert.match((await user.does('status-environment', here)).stdout, /foundation +CREATE_COMPLETE +\S+ \S+ +ready/)
    const outputs = await data<Record<string, Record<string, string>>>('outputs-environment', here)
    assert.match(outputs[foundation]?.['VpcId'] ?? '', /^vpc-/)
    assert.match((await user.does('outputs-environment', here)).stdout, /^acme-shop-integration-foundation\n {2}\w/)
    assert.deepEqual(await planned('environment'), [`${foundation} unchanged`])
  })

  it('gets a pipeline, and what all pipelines share', async () => {
    assert.deepEqual(await planned('pipeline'), [`${artifacts} create`, `${pipeline} create`])
    assert.deepEqual(await states('pipeline'), [`${pipeline} null none`, `${artifacts} null none`])
    const { stdout } = await user.does('create-pipeline', 'YES=1')
    assert.match(stdout, /acme-shop pipeline web-main: created\n$/)
    assert.deepEqual(await states('pipeline'), [
      `${pipeline} CREATE_COMPLETE ready`,
      `${artifacts} CREATE_COMPLETE ready`,
    ])
    const outputs = await data<Record<string, Record<string, string>>>('outputs-pipeline')
    assert.equal(outputs[pipeline]?.['PipelineName'], pipeline)
    assert.match(outputs[artifacts]?.['KeyArn'] ?? '', /^arn:aws:kms:/)
  })

  it('deploys a chosen image (R59)', async () => {
    image = (await user.does('bake')).stdout.trim()
    assert.match(image, /^ami-/)
    assert.deepEqual(await planned('app', `IMAGE=${image}`), [`${app} create`])
    const outcome = await data<{ type: string }>('create-app', here, `IMAGE=${image}`, 'YES=1')
    assert.equal(outcome.type, 'done')
    assert.deepEqual(await states('app'), [`${app} CREATE_COMPLETE ready`])
    await user.does('smoke', here)
    assert.equal((await identityAt(user, 'integration')).imageId, image)
  })

  it('shows what another image would change, and rolls it out after a yes', async () => {
    const other = await copyOf(aws, image, 'acme-shop/copy')
    const { stdout } = await user.does('plan-app', here, `IMAGE=${other}`)
    assert.match(stdout, /~ Group +auto scaling group {2}rolls its instances/)
    assert.match(stdout, new RegExp(`LaunchTemplateData\\.ImageId[^]*${image}[^]*-> ${other}`))
    await refuses('update-app', here, `IMAGE=${other}`)
    assert.equal((await identityAt(user, 'integration')).imageId, image)
    await user.does('update-app', here, `IMAGE=${other}`, 'YES=1')
    assert.deepEqual(await states('app'), [`${app} UPDATE_COMPLETE ready`])
    assert.equal((await identityAt(user, 'integration')).imageId, other)
    const again = await user.does('update-app', here, `IMAGE=${other}`, 'YES=1')
    assert.equal(again.stdout, 'acme-shop integration web-main: in sync, nothing to change\n')
  })

  it('is taken down layer by layer: what others stand on stays, and nothing goes without a yes', async () => {
    await refuses('delete-app', here)
    const { code, stderr } = await user.make('delete-environment', here, 'YES=1')
    assert.notEqual(code, 0)
    assert.match(stderr, /acme-shop integration is still used by acme-shop-pipeline-web-main\.\n/)
    assert.deepEqual(await states('app'), [`${app} UPDATE_COMPLETE ready`])

    await user.does('delete-app', here, 'YES=1')
    assert.equal(await statusOf(aws, app), 'none')
    await refuses('delete-pipeline')
    await user.does('delete-pipeline', 'YES=1')
    assert.equal(await statusOf(aws, pipeline), 'none')
    assert.equal(await statusOf(aws, artifacts), 'CREATE_COMPLETE')
    await user.does('delete-environment', here, 'YES=1')
    assert.equal(await statusOf(aws, foundation), 'none')
    assert.match((await user.does('delete-environment', here, 'YES=1')).stdout, /there is nothing to delete\n$/)
  })
})
