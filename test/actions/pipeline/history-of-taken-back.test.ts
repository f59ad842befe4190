import assert from 'node:assert/strict'
import { showHistory } from '../../../scripts/actions/pipeline/show-history.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const name = 'acme-shop-pipeline-shop-main'
const ann = 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/ann@example.com'
const at = (hour: string): string => `2026-01-31T${hour}:00.000Z`
const kept = (when: string, more: object = {}): string =>
  JSON.stringify({
    ...{ stackId: 'arn:stack', image: 'ami-0123456789abcdef0', version: '1.0.0' },
    ...{ from: 'ami-0fedcba9876543210', fromVersion: '2.0.0', fromCommit: '9f3c2e1a', by: ann, at: at(when) },
    reason: 'Prices are wrong wherever more than one currency is shown, as the shop found',
    ...more,
  })
const place = (environment: string, app = 'shop-main'): string => `/acme/shop/rollback/${environment}/${app}`

/** Two executions, which began at 12:00 and at 14:00. */
async function history(parameters: Readonly<Record<string, string>>, more: object = {}, refused?: Error) {
  const pipelines = fakePipelines({ name, stages: [] })
  pipelines.history = ['14:00', '12:00'].map((hour) =>
    execution(`at-${hour.slice(0, 2)}-000000`, {
      ...{ status: 'Succeeded', started: Date.parse(at(hour)), updated: Date.parse(at(hour)) + 61_000 },
    }),
  )
  const states = [
    stackState(name),
    stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { outputs: { SourceBucket: 'source' } }),
  ]
  const terminal = answering()
  const region = fakeRegion({ pipelines, parameters, stacks: fakeStacks({ states }) })
  const ports = {
    ...fakePorts(terminal, region),
    buckets: { ...region.buckets, metadata: () => Promise.resolve(undefined) },
    ...(refused === undefined ? {} : { parameters: { ...region.parameters, values: () => Promise.reject(refused) } }),
  } as Ports
  await showHistory({ ...settings, ...more }, ports)
  return { text: terminal.shown.join('\n'), said: terminal.said }
}

describe('what was taken back, in the history of a pipeline', () => {
  it('stands between the executions by time, with what, by whom and why (B23)', async () => {
    const { text, said } = await history({
      [place('production')]: kept('13:30'),
      [place('staging')]: kept('15:00', { version: undefined, reason: '' }),
      [place('integration')]: kept('11:59'),
      [place('production', 'blog-main')]: kept('13:31'),
    })
    assert.deepEqual(said, [])
    assert.equal(
      text,
      `acme-shop-pipeline-shop-main

rollback  2026-01-31 15:00Z  STAGING TAKEN BACK by a person
  image     ami-0123456789abcdef0
  before    ami-0fedcba9876543210, version 2.0.0, commit 9f3c2e1
  by        ann@example.com

at-14-00  2026-01-31 14:00Z  SUCCEEDED after 1:01
  commit    9f3c2e1 Ship it

rollback  2026-01-31 13:30Z  PRODUCTION TAKEN BACK by a person
  image     ami-0123456789abcdef0, version 1.0.0
  before    ami-0fedcba9876543210, version 2.0.0, commit 9f3c2e1
  by        ann@example.com
  reason    Prices are wrong wherever more than one currency is shown, as the
            shop found

at-12-00  2026-01-31 12:00Z  SUCCEEDED after 1:01
  commit    9f3c2e1 Ship it`,
    )
  })

  it('is data, too, with whole ARNs', async () => {
    const { text } = await history({ [place('production')]: kept('13:30', { reason: 'no' }) }, { JSON: '1' })
    const { executions, rollbacks } = JSON.parse(text) as { executions: unknown[]; rollbacks: unknown }
    assert.equal(executions.length, 2)
    assert.deepEqual(rollbacks, [
      {
        ...{ environment: 'production', image: 'ami-0123456789abcdef0', version: '1.0.0', by: ann, at: at('13:30') },
        ...{ from: 'ami-0fedcba9876543210', fromVersion: '2.0.0', fromCommit: '9f3c2e1a', reason: 'no' },
      },
    ])
  })

  it('is said to be not known where it cannot be read, and the rest is shown', async () => {
    const refused = await history({}, {}, accessDenied('no right to it', null))
    assert.deepEqual(refused.said, ['Not known whether it was taken back: no right to it'])
    assert.match(refused.text, /^at-12-00 /m)
    const broken = await history({ [place('staging')]: '{' })
    assert.match(
      broken.said.join(),
      /^Not known whether it was taken back: \/acme\/shop\/rollback\/staging\/shop-main:1/,
    )
  })
})
