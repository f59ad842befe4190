import assert from 'node:assert/strict'
import { awsCliCommand } from '../../../scripts/aws/client/aws-cli-command.ts'

describe('a command for a person to type', () => {
  it('reaches the same region and account as ours', async () => {
    const words = 'ec2 describe-instances'
    const plain = await awsCliCommand({ region: 'eu-central-1' })(words)
    assert.equal(plain, 'aws ec2 describe-instances --region eu-central-1')
    const named = await awsCliCommand({ region: 'eu-central-1', profile: 'work' })(words)
    assert.equal(named, 'aws ec2 describe-instances --region eu-central-1 --profile work')
  })
})
