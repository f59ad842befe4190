import assert from 'node:assert/strict'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { after, before, describe, it } from 'mocha'
import { clients } from './support/aws.ts'
import { startRehearsal, type Rehearsal } from './support/rehearsal.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt } from './support/visitor.ts'

const vars = 'packer/web/web.pkrvars.hcl'
const integration = 'acme-shop-integration-app-web-main'

/** Journey h: what fails the first time recovers by itself. */
describe('a riglet that stumbles', function () {
  this.timeout(600_000)
  let rehearsal: Rehearsal
  let user: User

  const statusOf = async (StackName: string): Promise<string> => {
    const { Stacks = [] } = await clients(rehearsal)
      .cloudformation.send(new DescribeStacksCommand({ StackName }))
      .catch(() => ({ Stacks: [] }))
    return Stacks[0]?.StackStatus ?? 'none'
  }

  const approveShown = async (): Promise<void> => {
    const { digest } = JSON.parse((await user.does('show-approval', 'JSON=1')).stdout) as { digest: string }
    await user.does('approve', `DIGEST=${digest.slice(0, 16)}`)
  }

  before(async () => {
    rehearsal = await startRehearsal('journey-recovery')
    user = await newUser('recovery', rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('changes nothing when the first plan is declined, and leaves no empty stack (R17, R46)', async () => {
    const { code, stderr } = await user.make('create-environment', 'ENV=integration')
    assert.notEqual(code, 0)
    assert.match(stderr, /YES=1/)
    assert.equal(await statusOf('acme-shop-integration-foundation'), 'none')
    await user.does('create-riglet', 'YES=1')
  })

  it('deploys again by itself after a first deployment that failed (R44)', async () => {
    const [right, wrong] = [
      'SecurityGroupIds: [!GetAtt SecurityGroup.GroupId]',
      'SecurityGroupIds: [sg-00000000000000000]',
    ]
    await user.commits('Name a security group that does not exist', 'cloudformation/app-image.yaml', (text) =>
      text.replace(right, wrong),
    )
    await user.does('push')
    const first = await user.make('watch-pipeline')
    assert.notEqual(first.code, 0)
    assert.match(first.stderr, /Integration Deploy/)
    assert.equal(await statusOf(integration), 'ROLLBACK_COMPLETE')
    await user.commits('Name the one that exists', 'cloudformation/app-image.yaml', (text) =>
      text.replace(wrong, right),
    )
    await user.does('push')
    await user.does('watch-pipeline')
    assert.equal(await statusOf(integration), 'CREATE_COMPLETE')
  })

  it('retries a failed production execution: it is planned, shown and asked anew (R46)', async () => {
    await user.does('reject', 'REASON=not yet')
    await user.make('watch-pipeline')
    await user.does('retry-pipeline')
    await user.does('watch-pipeline')
    await approveShown()
    await user.does('watch-pipeline')
    assert.match((await identityAt(user, 'production')).imageId, /^ami-/)
  })

  it('asks nobody when production’s change set is empty (R45)', async () => {
    await user.commits('A word in the README', 'README.md', (text) => `${text}\n`)
    await user.does('push')
    const { stderr } = await user.does('watch-pipeline')
    assert.doesNotMatch(stderr, /waits for/)
    assert.match(stderr, /Production\s+skipped/)
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
    for (let tries = 0; tries < 120; tries += 1) {
      if (
        (await identityAt(user, 'integration').catch(() => before)).imageId === before.imageId &&
        /COMPLETE$/.test(await statusOf(integration))
      )
        break
      await new Promise((wait) => setTimeout(wait, 1000))
    }
    assert.equal((await identityAt(user, 'integration')).imageId, before.imageId)
    assert.equal((await identityAt(user, 'production')).imageId, before.imageId)
  })
})
