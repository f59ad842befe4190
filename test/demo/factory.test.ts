import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { flavourOf, flavours } from '../../demo/flavours.ts'
import { groupsYaml, imagesYaml, regions } from '../../demo/factory/places.ts'
import { shortened, typed } from '../../demo/factory/screens.ts'
import { renderFactory, rowsOf } from '../../demo/factory/table.ts'
import { makeTools } from '../../demo/factory/tools.ts'
import { readGroups } from '../../scripts/core/groups/read-groups.ts'
import { readDesired } from '../../scripts/core/manifest/read-desired.ts'
import type { ProcessResult } from '../../scripts/core/ports/local/processes.ts'
import { failureOf } from '../support/failure.ts'
import { answering } from '../fakes/terminal.ts'

const accounts = { distribution: '111111111111', stage: '222222222222', live: '333333333333' }

describe('a flavour of the demo', () => {
  it('is the pipeline where none is said', () => {
    assert.equal(flavourOf(), flavours['pipeline'])
    assert.equal(flavourOf(''), flavours['pipeline'])
    assert.equal(flavourOf('factory'), flavours['factory'])
  })

  it('that is none is refused by name, with those that there are', () => {
    for (const name of ['bakery', 'toString'])
      assert.throws(() => flavourOf(name), {
        code: 'SETTINGS',
        message: `There is no demo FLAVOUR=${name}; there are pipeline and factory.`,
      })
  })
})

describe('the demo of the factory', () => {
  const tools = (ended: ProcessResult) => {
    const terminal = answering()
    return { terminal, ...makeTools({}, { terminal, processes: { run: () => Promise.resolve(ended) } }) }
  }

  it('writes files that riglet reads, with every region and both accounts', () => {
    const desired = readDesired(imagesYaml(accounts, '/tmp/infrastructure.git'))
    assert.deepEqual(desired.accounts['distribution']!.regions, [...regions])
    assert.deepEqual(Object.keys(desired.images), ['web', 'runner'])
    const network = { subnet: 'subnet-0123456789abcdef0', group: 'sg-0123456789abcdef0' }
    const commit = 'c0ffee1'.repeat(6).slice(0, 40)
    const { groups } = readGroups(groupsYaml(accounts, { stage: network, live: network }, '/tmp/source', commit))
    assert.deepEqual(
      Object.values(groups).map(({ account, repo }) => [account, repo.ref]),
      [
        ['stage', 'release'],
        ['live', commit],
      ],
    )
  })

  it('goes on only where a command ends, and says, what it should', async () => {
    const failed = { code: 2, stdout: '', stderr: 'sa-east-1 failed\n' }
    assert.match((await failureOf(tools(failed).make(['replicate']))).message, /make replicate ended with 2/)
    await tools(failed).make(['replicate'], { fails: true, says: [/sa-east-1 failed/] })
    const well = { code: 0, stdout: 'done\n', stderr: '' }
    assert.match((await failureOf(tools(well).make(['replicate'], { fails: true }))).message, /ended well/)
    assert.match(
      (await failureOf(tools(well).make(['replicate'], { says: [/refused/] }))).message,
      /does not say \/refused\//,
    )
  })

  it('shows a command as it is typed, and of its words those that matter, on 80 columns', async () => {
    const words = Array.from({ length: 9 }, (_, index) => `PARAMETER_${index}=value`)
    assert.ok(
      typed(['make', ...words])
        .split('\n')
        .every((line) => line.length <= 80),
    )
    assert.equal(typed(['make', 'revoke', 'REASON=a leak']), "$ make revoke 'REASON=a leak'")
    const { make, terminal } = tools({ code: 0, stdout: `${'x'.repeat(99)}\nlast\n`, stderr: 'status\n' })
    await make(['follow'])
    assert.deepEqual(terminal.said.join('\n').trim().split('\n'), ['$ make follow', `  ${'x'.repeat(75)}...`, '  last'])
    const many = Array.from({ length: 10 }, (_, index) => `${index}`)
    assert.deepEqual(shortened(many, undefined).slice(0, 2), ['  (2 more lines)', '  2'])
    assert.deepEqual(shortened(many, /[0-8]/).slice(-2), ['  7', '  (1 more line)'])
  })

  it('ends with a table of images, accounts and regions, and of stages with their calls', () => {
    const entry = (id: string) => ({
      ...{ architecture: 'x86_64', deprecation_time: null, id, name: 'demo-shop/web/1.2.0-9f3c2e1a', public: false },
    })
    const rows = rowsOf({ web: { 'eu-west-1': [entry('ami-0123456789abcdef0')], 'sa-east-1': [entry('ami-2')] } })
    assert.deepEqual(
      rows.map(({ account, region, version }) => [account, region, version]),
      [
        ['distribution', 'eu-west-1', '1.2.0'],
        ['distribution', 'sa-east-1', '1.2.0'],
        ['live', 'eu-west-1', '1.2.0'],
      ],
    )
    const text = renderFactory({
      ...{ rows, seconds: { ['a stage '.repeat(20)]: 12.4 }, calls: { ['a stage '.repeat(20)]: 34 } },
      ...{ notes: ['runner arm64: not baked'], accounts, env: {} },
    })
    assert.match(text, /^web +1\.2\.0 +x86_64 +live +eu-west-1 +ami-0123456789abcdef0$/m)
    assert.match(text, /^! runner arm64: not baked$/m)
    assert.match(text, /\.\.\. +12 +34$/m)
    assert.ok(text.split('\n').every((line) => line.length <= 80))
  })
})
