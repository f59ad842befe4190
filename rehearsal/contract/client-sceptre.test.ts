import assert from 'node:assert/strict'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { clientOn } from './support/client.ts'
import { onRehearsal } from './support/ground.ts'
import { stacksOf } from './support/stacks.ts'

// https://docs.sceptre-project.org/latest/docs/stack_config.html
describe('sceptre does not notice that this is not AWS', function () {
  this.timeout(120_000)
  const ground = onRehearsal()
  const client = clientOn(ground, 'sceptre')
  const { find } = stacksOf(ground)
  const sceptre = (...words: readonly string[]) => client.run('sceptre', '--no-colour', ...words)
  const config = (name: string) =>
    writeFile(
      join(client.folder, 'config/dev/topic.yaml'),
      JSON.stringify({ template: { path: 'topic.yaml', type: 'file' }, parameters: { Name: name } }),
    )

  it('launches a stack, changes it, and finds nothing more to do', async () => {
    for (const folder of ['config/dev', 'templates']) await mkdir(join(client.folder, folder), { recursive: true })
    await writeFile(join(client.folder, 'config/config.yaml'), 'project_code: acme\nregion: us-east-1\n')
    await copyFile(join(import.meta.dirname, 'topic.yaml'), join(client.folder, 'templates/topic.yaml'))
    for (const [name, status] of [
      ['one', 'CREATE_COMPLETE'],
      ['two', 'UPDATE_COMPLETE'],
    ] as const) {
      await config(name)
      const launched = await sceptre('launch', '-y', 'dev/topic.yaml')
      assert.equal(launched.code, 0, launched.all)
      assert.equal((await find('acme-dev-topic')).StackStatus, status)
    }
    const again = await sceptre('launch', '-y', 'dev/topic.yaml')
    assert.equal(again.code, 0, again.all)
    assert.match(again.all, /No updates to perform/)
  })

  it('shows drift', async () => {
    const { Outputs = [] } = await find('acme-dev-topic')
    const [words, value] = ['--attribute-name DisplayName --attribute-value', 'hand']
    const change = `sns set-topic-attributes --topic-arn ${Outputs[0]?.OutputValue} ${words} ${value}`
    assert.equal((await client.run('aws', ...change.split(' '))).code, 0)
    const drift = await sceptre('drift', 'show', 'dev/topic.yaml')
    // sceptre's own exit code counts what drifted.
    assert.match(drift.stdout, /StackResourceDriftStatus: MODIFIED/, drift.all)
    assert.match(drift.stdout, /ActualValue: hand/)
    assert.match(drift.stdout, /ExpectedValue: two/)
  })

  it('deletes the stack', async () => {
    const deleted = await sceptre('delete', '-y', 'dev/topic.yaml')
    assert.equal(deleted.code, 0, deleted.all)
    assert.match(deleted.all, /delete complete/)
  })
})
