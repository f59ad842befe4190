import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { describe, it } from 'mocha'
import { clientOn } from './support/client.ts'
import { onRehearsal } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

// A snippet that lies beside the template: `package` brings it to a bucket and writes its place there.
const template = `
Parameters:
  Name: { Type: String }
Resources:
  Only:
    Type: AWS::SSM::Parameter
    Properties:
      Name: !Ref Name
      Type: String
      Fn::Transform:
        Name: AWS::Include
        Parameters: { Location: parts/value.yaml }
Outputs:
  Name: { Value: !Ref Only }
`

// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
describe('the aws command’s own ways to deploy do not notice that this is not AWS', function () {
  // Between its questions about a stack that is being made `deploy` rests for 30 s.
  this.timeout(180_000)
  const ground = onRehearsal()
  const client = clientOn(ground)
  const { find } = stacksOf(ground)
  const aws = (words: string) => client.run('aws', ...words.split(' '))
  const deploy = (words = '') =>
    aws(`cloudformation deploy --stack-name packaged --template-file packaged.yaml${words && ` ${words}`}`)

  it('aws cloudformation package', async () => {
    await mkdir(join(client.folder, 'parts'))
    await writeFile(join(client.folder, 'parts/value.yaml'), 'Value: from the snippet\n')
    await writeFile(join(client.folder, 'template.yaml'), template)
    assert.equal((await aws('s3 mb s3://packages')).code, 0)
    const files = '--template-file template.yaml --output-template-file packaged.yaml'
    const packaged = await aws(`cloudformation package ${files} --s3-bucket packages`)
    assert.equal(packaged.code, 0, packaged.all)
    assert.match(
      await readFile(join(client.folder, 'packaged.yaml'), 'utf8'),
      /Location: s3:\/\/packages\/[0-9a-f]{32}/,
    )
  })

  it('aws cloudformation deploy, and again without a change', async () => {
    const deployed = await deploy('--parameter-overrides Name=/packaged')
    assert.equal(deployed.code, 0, deployed.all)
    assert.match(deployed.all, /Successfully created\/updated stack - packaged/)
    assert.equal((await find('packaged')).StackStatus, 'CREATE_COMPLETE')
    const { Parameter } = await ground.aws.ssm.send(new GetParameterCommand({ Name: '/packaged' }))
    assert.equal(Parameter?.Value, 'from the snippet')
    const again = await deploy()
    assert.match(again.all, /No changes to deploy\. Stack packaged is up to date/)
    assert.equal((await deploy('--fail-on-empty-changeset')).code, 255)
  })
})
