import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, it } from 'mocha'
import { onRehearsal } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

const run = promisify(execFile)
const old = JSON.stringify({ name: 'old-name', password: 'old' })
const now = JSON.stringify({ name: 'new-name', password: 'new' })
const holding = (SecretString: string): object => ({
  Resources: { Held: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'held', SecretString } } },
  Outputs: { Arn: { Value: { Ref: 'Held' } } },
})

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
describe('a dynamic reference', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const { create, update, changeSet } = stacksOf(ground)

  it('is not judged by its text, neither early nor when the stack is made', async () => {
    await create('holding', holding(old))
    const TopicName = '{{resolve:secretsmanager:held:SecretString:name}}'
    const template = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName } } },
      Outputs: { Name: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } } },
    }
    const made = await changeSet('referring', 'first', template, { ChangeSetType: 'CREATE' })
    assert.deepEqual([made.Status, made.StatusReason], ['CREATE_COMPLETE', undefined])
    const { StackStatus, Outputs } = await create('referring', template)
    assert.deepEqual([StackStatus, Outputs?.[0]?.OutputValue], ['CREATE_COMPLETE', 'old-name'])
  })

  it('gives a whole secret, a key, a stage and a version, in outputs, too', async () => {
    const { Outputs: held } = await update('holding', holding(now))
    const arn = held![0]!.OutputValue!
    const { stdout } = await run(
      'aws',
      'secretsmanager list-secret-version-ids --secret-id held --include-deprecated --output json'.split(' '),
      { env: { PATH: process.env['PATH'], ...ground.rehearsal.env } },
    )
    const { Versions } = JSON.parse(stdout) as { Versions: { VersionId: string; VersionStages?: string[] }[] }
    const version = Versions.find(({ VersionStages }) => VersionStages?.includes('AWSPREVIOUS'))!.VersionId
    const forms = [
      ['held', now],
      ['held:SecretString', now],
      [`${arn}:SecretString:::`, now],
      ['held:SecretString:password', 'new'],
      ['held:SecretString:password:AWSPREVIOUS', 'old'],
      [`held:SecretString:password::${version}`, 'old'],
    ] as const
    const template = {
      Resources: { Only: { Type: 'AWS::SNS::Topic' } },
      Outputs: Object.fromEntries(
        forms.map(([form], index) => [`Form${index}`, { Value: `{{resolve:secretsmanager:${form}}}` }]),
      ),
    }
    const { Outputs = [] } = await create('telling', template)
    const told = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
    assert.deepEqual(told, Object.fromEntries(forms.map(([, said], index) => [`Form${index}`, said])))
  })
})
