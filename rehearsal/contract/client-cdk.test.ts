import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { clientOn } from './support/client.ts'
import { onRehearsal, refusal } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

// What an app with the bootstrapless synthesizer writes: a stack, its template by value, no roles and no assets.
// https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-custom-synth.html
const assembly = {
  version: '48.0.0',
  artifacts: {
    shop: {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      properties: { templateFile: 'shop.template.json' },
    },
  },
}
const template = (DisplayName: string): object => ({
  Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'cdk-topic', DisplayName } } },
  Outputs: { Arn: { Value: { Ref: 'Topic' } } },
})
const arn = 'arn:aws:sns:us-east-1:123456789012:cdk-topic'

// https://docs.aws.amazon.com/cdk/v2/guide/cli.html
describe('the CDK’s command line does not notice that this is not AWS', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  const client = clientOn(ground, 'cdk')
  const { find } = stacksOf(ground)
  const cdk = (command: string, ...words: readonly string[]) =>
    client.run('cdk', '--app', '.', '--no-notices', '--ci', command, 'shop', ...words)
  const write = (name: string, content: object) => writeFile(join(client.folder, name), JSON.stringify(content))

  it('cdk diff and deploy: a new stack', async () => {
    await write('manifest.json', assembly)
    await write('shop.template.json', template('one'))
    const diff = await cdk('diff', '--fail')
    assert.match(diff.all, /\[\+\] AWS::SNS::Topic Topic/)
    assert.equal(diff.code, 1)
    const deployed = await cdk('deploy', '--require-approval', 'never')
    assert.equal(deployed.code, 0, deployed.all)
    assert.match(deployed.all, new RegExp(`shop\\.Arn = ${arn}`))
    assert.equal((await find('shop')).StackStatus, 'CREATE_COMPLETE')
  })

  it('cdk diff and deploy: a change, and then none', async () => {
    await write('shop.template.json', template('two'))
    assert.match((await cdk('diff')).all, /DisplayName\n.*\[-\] one\n.*\[\+\] two/)
    const deployed = await cdk('deploy', '--require-approval', 'never')
    assert.equal(deployed.code, 0, deployed.all)
    assert.equal((await find('shop')).StackStatus, 'UPDATE_COMPLETE')
    const none = await cdk('diff', '--fail')
    assert.equal(none.code, 0)
    assert.match(none.all, /There were no differences/)
  })

  it('cdk drift: none, and then what was changed by hand', async () => {
    const none = await cdk('drift', '--fail')
    assert.equal(none.code, 0, none.all)
    assert.match(none.all, /No drift detected/)
    const change = `sns set-topic-attributes --topic-arn ${arn} --attribute-name DisplayName --attribute-value hand`
    assert.equal((await client.run('aws', ...change.split(' '))).code, 0)
    const drifted = await cdk('drift', '--fail')
    assert.equal(drifted.code, 1, drifted.all)
    assert.match(drifted.all, /\/DisplayName\n.*\[-\] two\n.*\[\+\] hand/)
  })

  it('cdk destroy', async () => {
    const destroyed = await cdk('destroy', '--force')
    assert.equal(destroyed.code, 0, destroyed.all)
    assert.match((await refusal(find('shop'))).message, /Stack with id shop does not exist/)
  })
})
