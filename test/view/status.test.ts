import assert from 'node:assert/strict'
import type { AppStatus, PipelineStatus } from '../../scripts/core/riglet/status.ts'
import { renderStatus } from '../../scripts/view/status.ts'

const app: AppStatus = {
  stack: 'acme-shop-staging-app-shop-main',
  status: 'CREATE_COMPLETE',
  image: { id: 'ami-00000000000000001', version: '1.4.2', commit: '9f3c2e1aa' },
  url: 'http://shop.example.com/',
  instances: 2,
  healthy: 2,
  desired: 2,
  cannotReplace: [],
  unchecked: [],
}
const lines = (more: Partial<AppStatus>): string[] =>
  renderStatus({
    riglet: 'acme-shop',
    region: 'eu-central-1',
    environments: [{ name: 'staging', foundation: 'CREATE_COMPLETE', apps: [{ ...app, ...more }] }],
    pipelines: [],
  }).split('\n')

describe('the status screen', () => {
  it('marks an app whose group could replace no instance, within 80 columns', () => {
    const shown = lines({
      cannotReplace: ['its image ami-00000000000000001 was deregistered, or is not shared any more'],
    })
    const marked = shown.filter((line) => line.startsWith('!'))
    assert.deepEqual(marked.length, 1)
    assert.match(marked[0]!, /^! +can replace no instance: its image/)
    assert.ok(shown.every((line) => line.length <= 80))
  })

  it('marks one that a person took back, with who did it and why, within 80 columns', () => {
    const shown = lines({
      rolledBack: {
        ...{
          stackId: 's',
          image: 'ami-1',
          from: 'ami-00000000000000002',
          fromVersion: '2.0.0',
          fromCommit: '9f3c2e1a',
        },
        ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
      },
    })
    const from = shown.findIndex((line) => line.startsWith('!'))
    const text = shown
      .slice(from, from + 3)
      .map((line) => line.slice(25))
      .join(' ')
    assert.match(text, /^taken back from ami-0{16}2 \(2\.0\.0, 9f3c2e1\) by ann, 2026-01-31T12:00Z: prices are wrong/)
    assert.ok(shown.every((line) => line.length <= 80))
  })

  it('marks one that runs a revoked image, within 80 columns', () => {
    const shown = lines({
      revoked: 'ami-00000000000000001 is revoked since 2026-02-01T08:00:00Z, by arn:a: CVE-2026-1',
    })
    assert.ok(
      shown.some((line) => /^! +runs a revoked image: ami-0{16}1 is revoked$/.test(line)),
      shown.join('\n'),
    )
    assert.ok(shown.every((line) => line.length <= 80))
  })

  it('marks one of which that could not be asked', () =>
    assert.ok(
      lines({ unchecked: ['no right to keys'] }).some((line) => /^\? +not checked: no right to keys$/.test(line)),
    ))

  it('marks none of which all is well', () => assert.ok(lines({}).every((line) => !/^[!?]/.test(line))))
})

const pipeline: PipelineStatus = {
  name: 'acme-shop-pipeline-shop-main',
  execution: { id: '0123456789', status: 'InProgress', revision: '9f3c2e1 Ship it' },
  stages: [],
  approval: null,
  barred: [],
  control: null,
  frozen: [],
  unchecked: [],
}
const stageOf = (execution: string) => ({ name: 'Production', status: 'Failed', execution })
const shownOf = (more: Partial<PipelineStatus>): string =>
  renderStatus({
    riglet: 'acme-shop',
    region: 'eu-central-1',
    environments: [],
    pipelines: [{ ...pipeline, ...more }],
  })

describe('a pipeline on the status screen', () => {
  it('tells of a stage where an earlier execution stands, and of which', () => {
    assert.match(shownOf({ stages: [stageOf('0123456789')] }), /^ +Production failed$/m)
    assert.match(shownOf({ stages: [stageOf('fedcba98-7654')] }), /^ +Production failed, of fedcba98 before$/m)
  })

  it('is marked while it is frozen, within 80 columns', () => {
    const reason = `Christmas trade, ${'and a reason that goes on '.repeat(8).trim()}`
    const freeze = {
      environment: 'production',
      until: '2026-12-24T18:00:00.000Z',
      reason,
      by: 'b',
      since: 's',
    } as const
    const text = shownOf({ frozen: [freeze] })
    assert.match(text, /^! +production is FROZEN until 2026-12-24T18:00Z: Christmas trade, and$/m)
    assert.ok(text.split('\n').every((line) => line.length <= 80))
  })

  it('is marked where that could not be asked', () =>
    assert.match(shownOf({ unchecked: ['no right'] }), /^\? +not checked whether it is frozen: no right$/m))

  for (const [here, words] of [
    ['same', 'its jobs run riglet 0.1.0 (4d1a90b), as this checkout'],
    ['newer', 'its jobs run riglet 0.1.0 (4d1a90b); this checkout is newer: make'],
    ['older', 'its jobs run riglet 0.1.0 (4d1a90b); this checkout is older'],
    ['other', 'its jobs run riglet 0.1.0 (4d1a90b); this checkout has another:'],
    ['uncommitted', 'its jobs run riglet 0.1.0 (4d1a90b); this checkout has changes that'],
    ['unknown', 'its jobs run riglet 0.1.0 (4d1a90b)'],
  ] as const)
    it(`tells which control judges, and how this checkout compares: ${here}`, () => {
      const text = shownOf({ control: { version: '0.1.0', commit: '4d1a90b00000', here } })
      assert.ok(text.split('\n').includes(`${' '.repeat(13)}${words}`), text)
      assert.ok(text.split('\n').every((line) => line.length <= 80))
    })

  it('says nothing of what there is not', () => assert.doesNotMatch(shownOf({}), /FROZEN|jobs run|^[!?]/m))
})
