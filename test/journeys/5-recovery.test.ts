import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { approveShown, rolledBack } from './support/pipeline.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { callsFor, statusOf } from './support/stacks.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt } from './support/visitor.ts'

const vars = 'packer/web/web.pkrvars.hcl'
const pipeline = 'acme-shop-pipeline-web-main'
const integration = 'acme-shop-integration-app-web-main'
const production = 'acme-shop-production-app-web-main'

/** Journey h: what fails the first time recovers by itself. */
describe('a riglet that stumbles', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>

  before(async () => {
    rehearsal = await startRehearsal('journey-recovery')
    user = await newUser('recovery', rehearsal)
    aws = clients(rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('changes nothing when the first plan is declined, and leaves no empty stack', async () => {
    const { code, stderr } = await user.make('create-environment', 'ENV=integration')
    assert.notEqual(code, 0)
    assert.match(stderr, /YES=1/)
    assert.equal(await statusOf(aws, 'acme-shop-integration-foundation'), 'none')
    await user.does('create-riglet', 'YES=1')
  })

  it('deploys again by itself after a first deployment that failed', async () => {
    const [right, wrong] = [
      'SecurityGroupIds: [!GetAtt SecurityGroup.GroupId]',
      'SecurityGroupIds: [sg-00000000000000000]',
    ]
    await user.commits('Name a security group that does not exist', 'cloudformation/app-image.yaml', (text) =>
      text.replace(right, wrong),
    )
    // The template is control's: a commit alone changes nothing.
    await user.does('update-pipeline', 'YES=1')
    await user.does('push')
    const first = await user.make('watch-pipeline')
    assert.notEqual(first.code, 0)
    assert.match(first.stderr, /Integration Deploy/)
    assert.equal(await statusOf(aws, integration), 'ROLLBACK_COMPLETE')
    await user.commits('Name the one that exists', 'cloudformation/app-image.yaml', (text) =>
      text.replace(wrong, right),
    )
    await user.does('update-pipeline', 'YES=1')
    await user.does('push')
    await user.does('watch-pipeline')
    assert.equal(await statusOf(aws, integration), 'CREATE_COMPLETE')
  })

  it('asks nobody when production’s change set is empty', async () => {
    await approveShown(user)
    await user.does('watch-pipeline')
    const since = (await rehearsal.journal()).at(-1)!.number
    await user.commits('A word in the README', 'README.md', (text) => `${text}\n`)
    await user.does('push')
    const { stderr } = await user.does('watch-pipeline')
    assert.doesNotMatch(stderr, /waits for/)
    assert.match(stderr, /Production\s+skipped/)
    assert.equal(await callsFor(rehearsal, 'ExecuteChangeSet', production, since), 0)
  })

  it('brings the old image back when integration’s smoke test fails', async () => {
    const before = await identityAt(user, 'integration')
    await user.commits('Tell a wrong image', 'packer/web/files/riglet-identity', (text) =>
      text.replace('"imageId": "$image_id"', '"imageId": "ami-00000000000000000"'),
    )
    await user.commits('Raise the version', vars, setVersion('3.0.0'))
    await user.does('push')
    const { code, stderr } = await user.make('watch-pipeline')
    assert.notEqual(code, 0)
    assert.match(stderr, /Integration Smoke/)
    assert.match(stderr, /ami-00000000000000000/)
    assert.equal(await rolledBack(aws, pipeline), 'Succeeded')
    assert.equal((await identityAt(user, 'integration')).imageId, before.imageId)
    assert.equal((await identityAt(user, 'production')).imageId, before.imageId)
  })
})
