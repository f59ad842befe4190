import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, it } from 'mocha'
import { onRehearsal, until } from './support/ground.ts'

const run = promisify(execFile)
/** The CLI that set-up installs goes before the machine's own. */
const PATH = `${resolve(import.meta.dirname, '../.venv/bin')}:${process.env['PATH']}`

describe('the aws command line, as a user has it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()

  const aws = async (
    words: string,
    more: Record<string, string> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> => {
    const env = { PATH, ...ground.rehearsal.env, ...more }
    try {
      const { stdout, stderr } = await run('aws', words.split(' '), { env, cwd: import.meta.dirname })
      return { code: 0, stdout, stderr }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, stdout, stderr }
    }
  }

  // https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
  // The command's own waiter asks every 30 s only, so the stack is made by another one.
  it('makes a stack, finds nothing to deploy, and reads its events and outputs', async () => {
    const file = 'topic.yaml'
    const parameter = 'ParameterKey=Name,ParameterValue=one'
    const made = await aws(
      `cloudformation create-stack --stack-name cli --template-body file://${file} --parameters ${parameter}`,
    )
    assert.equal(made.code, 0, made.stderr)
    const events = await until(
      () =>
        aws('cloudformation describe-stack-events --stack-name cli --query StackEvents[].ResourceStatus --output text'),
      ({ stdout }) => stdout.startsWith('CREATE_COMPLETE'),
    )
    assert.equal(events.stdout.trim().split(/\s+/).length, 5)
    const again = await aws(
      `cloudformation deploy --stack-name cli --template-file ${file} --parameter-overrides Name=one`,
    )
    assert.match(again.stdout + again.stderr, /No changes to deploy/)
    const outputs = await aws(
      'cloudformation describe-stacks --stack-name cli --query Stacks[0].Outputs[0].OutputValue --output text',
    )
    assert.match(outputs.stdout, /^arn:aws:sns:us-east-1:123456789012:/)
    assert.equal((await aws('cloudformation delete-stack --stack-name cli')).code, 0)
  })

  // https://docs.aws.amazon.com/cli/latest/reference/s3/
  it('copies, lists and deletes objects', async () => {
    await aws('s3 mb s3://cli-bucket')
    await aws('s3 cp topic.yaml s3://cli-bucket/a/topic.yaml')
    assert.match((await aws('s3 ls --recursive s3://cli-bucket')).stdout, /a\/topic\.yaml/)
    assert.equal((await aws('s3 rb --force s3://cli-bucket')).code, 0)
  })

  it('is told by name what is not implemented, in the service’s protocol', async () => {
    for (const [words, name] of [
      ['gamelift list-fleets', 'ListFleets'],
      ['codepipeline list-webhooks', 'ListWebhooks'],
      ['ec2 describe-trunk-interface-associations', 'DescribeTrunkInterfaceAssociations'],
    ] as const) {
      const { code, stderr } = await aws(words)
      assert.notEqual(code, 0)
      assert.match(stderr, /\(NotImplemented\)/)
      assert.match(stderr, new RegExp(name))
      assert.doesNotMatch(stderr, /<html|Traceback/i)
    }
  })

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
  it('is refused with keys that nobody knows', async () => {
    const { code, stderr } = await aws('sts get-caller-identity', { AWS_ACCESS_KEY_ID: 'AKIANOBODYKNOWSTHIS0' })
    assert.notEqual(code, 0)
    assert.match(stderr, /InvalidClientTokenId.*security token included in the request is invalid/)
  })
})
