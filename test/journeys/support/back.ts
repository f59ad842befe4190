import assert from 'node:assert/strict'
import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand } from '@aws-sdk/client-ec2'
import type { RigletStatus } from '../../../scripts/core/riglet/status.ts'
import type { clients } from '../../../rehearsal/contract/support/aws.ts'
import { approveShown } from './pipeline.ts'
import { statusOf } from './stacks.ts'
import type { User } from './user.ts'
import { identityAt, visit } from './visitor.ts'

const production = 'ENV=production'
const reason = 'REASON=prices are wrong'

/** A riglet whose production has had two images, of versions 1.0.0 and 2.0.0, one after the other. */
export type Shipped = {
  readonly user: User
  readonly aws: ReturnType<typeof clients>
  readonly first: string
  readonly second: string
}

async function takenBack(user: User): Promise<unknown> {
  const { environments } = JSON.parse((await user.does('status', 'JSON=1')).stdout) as RigletStatus
  return environments.find(({ name }) => name === 'production')!.apps[0]!.rolledBack
}

/** What went wrong is taken back by one command, after a reason and a yes. */
export async function takeBack({ user, first, second }: Shipped): Promise<void> {
  const without = await user.make('rollback-app', production, 'YES=1')
  assert.equal(without.code, 2)
  assert.match(without.stderr, /needs a reason/)
  const unasked = await user.make('rollback-app', production, reason)
  assert.notEqual(unasked.code, 0)
  assert.match(unasked.stderr, /Take demo-shop production web-main back to .*\?\n[^]*add YES=1/)
  assert.equal((await identityAt(user, 'production')).imageId, second)
  assert.equal(await takenBack(user), undefined)

  const visitor = await visit(user, 'production')
  const { stdout } = await user.does('rollback-app', production, reason, 'YES=1').finally(async () => {
    const { sent, lost } = await visitor.stop()
    assert.deepEqual(lost, [])
    assert.ok(sent > 50)
  })
  assert.match(stdout, new RegExp(`^= +${second} +2\\.0\\.0 +[0-9a-f]{7} +\\S+Z +\\S+\\n> +${first} +1\\.0\\.0 +`, 'm'))
  assert.match(stdout, new RegExp(`: taken back to ${first} \\(1\\.0\\.0, [0-9a-f]{7}\\)\\n$`))
  await user.does('smoke', production)
  assert.equal((await identityAt(user, 'production')).imageId, first)
}

/** Everybody who looks later knows why. */
export async function lookBack({ user, second }: Shipped): Promise<void> {
  const { stdout, code } = await user.make('drift')
  assert.equal(code, 0, stdout)
  assert.match(stdout, new RegExp(`was taken back from ${second} \\(2\\.0\\.0, [^]*prices\\s+are wrong`))
  assert.match((await user.does('status')).stdout, /^! +taken back from ami-/m)
  assert.equal(((await takenBack(user)) as { reason: string }).reason, 'prices are wrong')
}

/** The next push would ship again what was taken back: whoever approves is told. */
export async function putForward({ user, first, second }: Shipped): Promise<void> {
  await user.commits('A word in the README', 'README.md', (text) => `${text}\n`)
  await user.does('push')
  await user.does('watch-pipeline')
  const shown = (await user.does('show-approval')).stdout.replaceAll(/\n {14}/g, ' ')
  assert.match(shown, new RegExp(`TAKEN BACK +from ${second} .* prices are wrong\\. This puts ${second} back\\.`))
  await approveShown(user)
  await user.does('watch-pipeline')
  assert.equal((await identityAt(user, 'production')).imageId, second)
  assert.equal(await takenBack(user), undefined)
  assert.equal((await user.make('drift')).code, 0)
  const past = (await user.make('rollback-app', production, reason)).stdout
  assert.match(past, new RegExp(`^= +${second} [^]*^> +${first} `, 'm'))
}

/** A deletion that something made by hand is in the way of ends once that is gone. */
export async function recoverStaging({ user, aws }: Shipped): Promise<void> {
  const foundation = 'demo-shop-staging-foundation'
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
}
