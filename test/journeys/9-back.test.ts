import assert from 'node:assert/strict'
import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand } from '@aws-sdk/client-ec2'
import { after, before, describe, it } from 'mocha'
import type { RigletStatus } from '../../scripts/core/riglet/status.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { approveShown } from './support/pipeline.ts'
import { statusOf } from './support/stacks.ts'
import { newUser, setVersion, type User } from './support/user.ts'
import { identityAt, visit } from './support/visitor.ts'

const production = 'ENV=production'
const vars = 'packer/web/web.pkrvars.hcl'
const reason = 'REASON=prices are wrong'

/** What went wrong is taken back by one command, and everybody who looks later knows why. */
describe('a riglet on its way back', function () {
  this.timeout(900_000)
  let rehearsal: Rehearsal
  let user: User
  let aws: ReturnType<typeof clients>
  let [first, second] = ['', '']

  const approves = async (): Promise<void> => {
    await approveShown(user)
    await user.does('watch-pipeline')
  }
  const ships = async (version: string): Promise<string> => {
    await user.commits(`Raise the version to ${version}`, vars, setVersion(version))
    await user.does('push')
    await user.does('watch-pipeline')
    await approves()
    const identity = await identityAt(user, 'production')
    assert.equal(identity.version, version)
    return identity.imageId
  }
  const takenBack = async (): Promise<unknown> => {
    const { environments } = JSON.parse((await user.does('status', 'JSON=1')).stdout) as RigletStatus
    return environments.find(({ name }) => name === 'production')!.apps[0]!.rolledBack
  }

  before(async () => {
    rehearsal = await startRehearsal('journey-back')
    user = await newUser('back', rehearsal)
    aws = clients(rehearsal)
  })

  after(async () => {
    await rehearsal.down()
    await user.leaves()
  })

  it('has shipped two versions, one after the other', async () => {
    await user.does('create-riglet', 'YES=1')
    first = await ships('2.0.0')
    second = await ships('3.0.0')
    assert.notEqual(first, second)
  })

  it('takes production back for a reason, shown and asked, and loses no request (B23)', async () => {
    const without = await user.make('rollback-app', production, 'YES=1')
    assert.equal(without.code, 2)
    assert.match(without.stderr, /needs a reason/)
    const unasked = await user.make('rollback-app', production, reason)
    assert.notEqual(unasked.code, 0)
    assert.match(unasked.stderr, /Take acme-shop production web-main back to .*\?\n[^]*add YES=1/)
    assert.equal((await identityAt(user, 'production')).imageId, second)
    assert.equal(await takenBack(), undefined)

    const visitor = await visit(user, 'production')
    const { stdout } = await user.does('rollback-app', production, reason, 'YES=1').finally(async () => {
      const { sent, lost } = await visitor.stop()
      assert.deepEqual(lost, [])
      assert.ok(sent > 50)
    })
    assert.match(
      stdout,
      new RegExp(`^= +${second} +3\\.0\\.0 +[0-9a-f]{7} +\\S+Z +\\S+\\n> +${first} +2\\.0\\.0 +`, 'm'),
    )
    assert.match(stdout, new RegExp(`: taken back to ${first} \\(2\\.0\\.0, [0-9a-f]{7}\\)\\n$`))
    await user.does('smoke', production)
    assert.equal((await identityAt(user, 'production')).imageId, first)
  })

  it('is in no drift, and says on every screen what was done and why', async () => {
    const { stdout, code } = await user.make('drift')
    assert.equal(code, 0, stdout)
    assert.match(stdout, new RegExp(`was taken back from ${second} \\(3\\.0\\.0, [^]*prices\\s+are wrong`))
    assert.match((await user.does('status')).stdout, /^! +taken back from ami-/m)
    assert.equal(((await takenBack()) as { reason: string }).reason, 'prices are wrong')
  })

  it('does not put the newer image back without saying so to who approves', async () => {
    await user.commits('A word in the README', 'README.md', (text) => `${text}\n`)
    await user.does('push')
    await user.does('watch-pipeline')
    const shown = (await user.does('show-approval')).stdout.replaceAll(/\n {14}/g, ' ')
    assert.match(shown, new RegExp(`TAKEN BACK +from ${second} .* prices are wrong\\. This puts ${second} back\\.`))
    await approves()
    assert.equal((await identityAt(user, 'production')).imageId, second)
    assert.equal(await takenBack(), undefined)
    assert.equal((await user.make('drift')).code, 0)
    const past = (await user.make('rollback-app', production, reason)).stdout
    assert.match(past, new RegExp(`^= +${second} [^]*^> +${first} `, 'm'))
  })

  it('gets an environment out of a deletion that failed, and no stack that needs nothing (R15, B23)', async () => {
    const foundation = 'acme-shop-staging-foundation'
    const staging = 'ENV=staging'
    assert.match(
      (await user.does('recover-environment', staging)).stdout,
      /nothing to recover, its stack is CREATE_COMPLETE/,
    )
    const outputs = JSON.parse((await user.does('outputs-environment', staging, 'JSON=1')).stdout) as Record<
      string,
      Record<string, string>
    >
    const made = new CreateSecurityGroupCommand({
      ...{ GroupName: 'by-hand', Description: 'Made by hand', VpcId: outputs[foundation]!['VpcId'] },
    })
    const { GroupId } = await aws.ec2.send(made)
    assert.notEqual((await user.make('delete-environment', staging, 'YES=1')).code, 0)
    assert.equal(await statusOf(aws, foundation), 'DELETE_FAILED')

    const again = await user.make('recover-environment', staging, 'YES=1')
    assert.notEqual(again.code, 0)
    assert.match(again.stdout, /is DELETE_FAILED\n {2}first cause Vpc [^]*\n {2}failed {6}Vpc \(vpc\): /)
    assert.match(again.stderr, /SKIP=\.\.\. \(of Vpc\)/)
    await aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId }))
    const { stdout } = await user.does('recover-environment', staging, 'YES=1')
    assert.match(stdout, /recovered, what could not be deleted is gone\nNext: make create-environment ENV=staging\n$/)
    assert.equal(await statusOf(aws, foundation), 'none')
  })
})
