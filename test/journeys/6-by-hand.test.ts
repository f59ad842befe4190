import assert from 'node:assert/strict'
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import {
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DisableImageCommand,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2'
import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { after, before, describe, it } from 'mocha'
import { otherAccount } from './support/accounts.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { copyOf, launchTemplateOf } from './support/machines.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { outputOf, setByHand, statusOf } from './support/stacks.ts'
import { asUser, newUser, type User } from './support/user.ts'
import { verbsOf } from './support/verbs.ts'
import { identityAt } from './support/visitor.ts'

const foundation = 'acme-shop-integration-foundation'
const artifacts = 'acme-shop-artifacts'
const jobs = 'acme-shop-jobs-web-main'
const pipeline = 'acme-shop-pipeline-web-main'
const app = 'acme-shop-integration-app-web-main'
const here = 'ENV=integration'
const unchanged = 'acme-shop integration: in sync, nothing to change\n'

/** A riglet made layer by layer with the verbs of `make help`; its pipeline never runs. */
describe('a riglet made by hand', function () {
  this.timeout(300_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let image = ''
  let other = ''
  const { data, states, planned, refuses, standsStill } = verbsOf(() => user, here)

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

  it('keeps what was set on it, and goes back to a default when that is typed', async () => {
    const mails = async (): Promise<number> => {
      const asked = new DescribeStackResourcesCommand({ StackName: foundation })
      const { StackResources = [] } = await aws.cloudformation.send(asked)
      return StackResources.filter(({ ResourceType }) => ResourceType === 'AWS::SNS::Subscription').length
    }
    await user.does('update-environment', here, 'EMAIL_ADDRESS=ops@example.com', 'YES=1')
    assert.equal(await mails(), 1)
    // A colleague whose .make says nothing of it, and whose shell exports it empty.
    const colleague = asUser(user.folder, rehearsal)
    Object.assign(colleague.env, { EMAIL_ADDRESS: '' })
    assert.equal((await colleague.does('update-environment', here, 'YES=1')).stdout, unchanged)
    await setByHand(aws, foundation, 'FlowLogs', 'yes')
    assert.match((await colleague.does('plan-environment', here)).stdout, /foundation: no resource changes/)
    const { stdout } = await user.does('plan-environment', here, 'EMAIL_ADDRESS=', 'FLOW_LOGS=')
    assert.match(stdout, /- \w+ +subscription/)
    assert.match(stdout, /- FlowLog +flow log/)
    assert.equal(await mails(), 1)
    await user.does('update-environment', here, 'EMAIL_ADDRESS=', 'YES=1')
    assert.equal(await mails(), 0)
    assert.deepEqual(await planned('environment'), [`${foundation} unchanged`])
    assert.deepEqual(await planned('environment', 'FLOW_LOGS='), [`${foundation} update`])
  })

  it('gets a pipeline, and what all pipelines share', async () => {
    // The template of the jobs goes by way of a bucket that the first of these stacks makes.
    assert.deepEqual(await planned('pipeline'), [`${artifacts} create`])
    assert.match((await user.make('plan-pipeline')).stderr, /jobs: builds on what is not there yet/)
    assert.deepEqual(await states('pipeline'), [`${pipeline} null none`, `${jobs} null none`, `${artifacts} null none`])
    const { stdout } = await user.does('create-pipeline', 'YES=1')
    assert.match(stdout, /acme-shop pipeline web-main: created\n$/)
    assert.deepEqual(await states('pipeline'), [
      `${pipeline} CREATE_COMPLETE ready`,
      `${jobs} CREATE_COMPLETE ready`,
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

  it('keeps the host name that was set, and takes it back when HOST_NAME= is typed', async () => {
    await user.does('update-app', here, 'HOST_NAME=shop.example.com', 'YES=1')
    assert.deepEqual(await planned('app'), [`${app} unchanged`])
    const { stdout } = await user.does('plan-app', here, 'HOST_NAME=')
    assert.match(stdout, /~ Rule +listener rule[^]*shop\.example\.com/)
    await user.does('update-app', here, 'HOST_NAME=', 'YES=1')
    assert.equal((await identityAt(user, 'integration')).imageId, image)
  })

  it('says so where its group could replace no instance, and builds nothing on that (B25)', async () => {
    const KeyId = await outputOf(aws, artifacts, 'KeyArn')
    await user.does('drift', here)

    await aws.kms.send(new DisableKeyCommand({ KeyId }))
    await standsStill(app, [], `its image ${image} cannot be decrypted: the key ${KeyId} is disabled`)
    await aws.kms.send(new EnableKeyCommand({ KeyId }))
    await user.does('drift', here)
    await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))
    await standsStill(app, [], `its image ${image} cannot be decrypted: the key ${KeyId} is pending deletion`)
    await aws.kms.send(new CancelKeyDeletionCommand({ KeyId }))
    await aws.kms.send(new EnableKeyCommand({ KeyId }))

    await aws.ec2.send(new DisableImageCommand({ ImageId: image }))
    await standsStill(app, [], `its image ${image} is disabled`)
    await aws.ec2.send(new EnableImageCommand({ ImageId: image }))
    await user.does('drift', here)
    assert.deepEqual(await planned('app'), [`${app} unchanged`])
  })

  it('says so where its image is not shared with the account any more (B25)', async () => {
    const them = await otherAccount(rehearsal)
    const { Images: [base] = [] } = await them.ec2.send(new DescribeImagesCommand({ Owners: ['136693071363'] }))
    const theirs = await copyOf(them, base!.ImageId!, 'acme-shop/copy')
    const LaunchPermission = [{ UserId: '123456789012' }]
    await them.ec2.send(
      new ModifyImageAttributeCommand({ ImageId: theirs, LaunchPermission: { Add: LaunchPermission } }),
    )
    // It serves nothing, so no instance of it would enter service.
    await user.does('create-pipeline', 'BRANCH=theirs', 'YES=1')
    await user.does(
      'create-app',
      here,
      'BRANCH=theirs',
      'HOST_NAME=theirs.example.com',
      'MIN_SIZE=0',
      `IMAGE=${theirs}`,
      'YES=1',
    )
    // Deprecated is not gone: what uses it goes on, although it is not shown to others any more unless they ask.
    const DeprecateAt = new Date(Date.now() - 30_000)
    await them.ec2.send(new EnableImageDeprecationCommand({ ImageId: theirs, DeprecateAt }))
    await user.does('drift', here)
    await them.ec2.send(
      new ModifyImageAttributeCommand({ ImageId: theirs, LaunchPermission: { Remove: LaunchPermission } }),
    )
    const words = `its image ${theirs} was deregistered, or is not shared with this account any more`
    await standsStill('acme-shop-integration-app-web-theirs', ['BRANCH=theirs'], words)
    await user.does('delete-app', here, 'BRANCH=theirs', 'YES=1')
    await user.does('delete-pipeline', 'BRANCH=theirs', 'YES=1')
  })

  it('shows what another image would change, and rolls it out after a yes', async () => {
    other = await copyOf(aws, image, 'acme-shop/copy')
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

  it('says so where its launch template version is gone; another image is the way out (B25)', async () => {
    const { LaunchTemplateId, Version } = await launchTemplateOf(aws, app)
    await aws.ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version] }))
    await standsStill(app, [], `version ${Version} of its launch template ${LaunchTemplateId} was deleted`)
    const { stderr } = await user.does('update-app', here, `IMAGE=${image}`, 'YES=1')
    assert.match(stderr, /could not go back to what it runs now: version \d+ of its launch template/)
    await user.does('drift', here)
  })

  it('says so where its image was deregistered, and its launch template is gone, which no image mends (B25)', async () => {
    await aws.ec2.send(new DeregisterImageCommand({ ImageId: image }))
    await standsStill(app, [], `its image ${image} was deregistered, or is not shared with this account any more`)
    assert.match((await user.does('status')).stdout, new RegExp(`${image} {2}version 1\\.0\\.0 {2}commit [0-9a-f]{7}`))
    const refused = await user.make(
      'create-app',
      here,
      'BRANCH=new',
      'HOST_NAME=new.example.com',
      `IMAGE=${image}`,
      'YES=1',
    )
    assert.match(refused.stderr, new RegExp(`There is no image ${image} that this account may use`))

    const { LaunchTemplateId } = await launchTemplateOf(aws, app)
    await aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }))
    await standsStill(app, [`IMAGE=${other}`], `its launch template ${LaunchTemplateId} was deleted`)
    const { stderr } = await user.make('plan-app', here, `IMAGE=${other}`)
    assert.match(stderr, /no update brings a launch template back\. Make the app anew: make delete-app ENV=integration/)
  })

  it('is taken down layer by layer: what others stand on stays, and nothing goes without a yes', async () => {
    await refuses('delete-app', here)
    const { code, stderr } = await user.make('delete-environment', here, 'YES=1')
    assert.notEqual(code, 0)
    assert.match(stderr, /acme-shop integration is still used by acme-shop-jobs-web-main\.\n/)
    assert.deepEqual(await states('app'), [`${app} UPDATE_COMPLETE ready`])

    await user.does('delete-app', here, 'YES=1')
    assert.equal(await statusOf(aws, app), 'none')
    await refuses('delete-pipeline')
    await user.does('delete-pipeline', 'YES=1')
    assert.equal(await statusOf(aws, pipeline), 'none')
    assert.equal(await statusOf(aws, jobs), 'none')
    assert.equal(await statusOf(aws, artifacts), 'CREATE_COMPLETE')
    await user.does('delete-environment', here, 'YES=1')
    assert.equal(await statusOf(aws, foundation), 'none')
    assert.match((await user.does('delete-environment', here, 'YES=1')).stdout, /there is nothing to delete\n$/)
  })
})
