import assert from 'node:assert/strict'
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { baseImage, copied } from './support/images.ts'
import { allow, as, makeRole } from './support/roles.ts'

// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html
describe('a parameter that holds an image, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const Name = '/web/stable'
  const put = (Value: string, more: object = {}) =>
    ground.aws.ssm.send(
      new PutParameterCommand({ Name, Value, Type: 'String', DataType: 'aws:ec2:image', Overwrite: true, ...more }),
    )
  const value = async () => (await ground.aws.ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value

  it('has its value only once that was looked at, and never one that is no image', async () => {
    const base = await baseImage(ground.aws.ec2)
    await put('ami-0123456789abcdef0')
    await put(base)
    assert.equal((await refusal(value())).code, 'ParameterNotFound')
    const read = () => value().catch(() => '')
    await until(read, (found) => found === base)
    const next = await copied(ground.aws, { Name: 'next' })
    for (const wrong of ['ami-0123456789abcdef0', 'debian']) await put(wrong)
    await put(next, { DataType: undefined })
    await until(value, (found) => found === next)
    assert.equal((await refusal(put(next, { DataType: 'text' }))).code, 'ValidationException')
  })

  it('is put there only by who may describe images', async () => {
    const narrow = await as(ground, await makeRole(ground, 'narrow', '', [allow('ssm:*')]))
    const asked = new PutParameterCommand({ Name, Value: 'ami-1', Type: 'String', DataType: 'aws:ec2:image' })
    assert.equal((await refusal(narrow.ssm.send(asked))).code, 'AccessDeniedException')
  })
})
