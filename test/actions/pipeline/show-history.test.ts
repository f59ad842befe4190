import assert from 'node:assert/strict'
import { showHistory } from '../../../scripts/actions/pipeline/show-history.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { Past } from '../../../scripts/core/pipeline/history.ts'
import type { Pipelines } from '../../../scripts/core/ports/pipelines.ts'
import { metadataOf } from '../../../scripts/core/source/pushed.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { actionRuns, execution, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', REPO: 'web', BRANCH: 'main' }
const name = 'acme-shop-pipeline-web-main'
const hour = 3_600_000
const noon = Date.parse('2026-01-31T12:00:00Z')
const ann = 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/ann@example.com'
const bob = 'arn:aws:iam::123456789012:user/bob'
const message = 'Say in every place where somebody may look for it what the header is made of, and why'

function world() {
  const pipelines = fakePipelines({
    name,
    stages: ['Source', 'Bake', 'Integration', 'Staging', 'Plan', 'Production'].map((stage) => ({
      ...{ name: stage, execution: 'e3', status: 'Succeeded', actions: [], barred: null },
    })),
  })
  pipelines.history = [
    execution('e3-000000000', {
      status: 'Succeeded',
      revisionId: 'v2',
      started: noon + 2 * hour,
      updated: noon + 3 * hour,
    }),
    execution('e2-000000000', {
      status: 'Failed',
      revisionId: 'v2',
      started: noon + hour,
      updated: noon + hour + 61_000,
    }),
    execution('e1-000000000', { status: 'InProgress', revisionId: 'v1', started: noon, updated: noon }),
  ]
  const of = (id: string) => ({ execution: `${id}-000000000` })
  pipelines.actionRuns = [
    ...actionRuns(
      { ...of('e1'), stage: 'Source', action: 'Source' },
      { ...of('e2'), stage: 'Bake', action: 'Bake', status: 'Failed' },
      {
        ...of('e3'),
        stage: 'Source',
        action: 'Control',
        configuration: { S3ObjectKey: 'control/0.1.0-4d1a90b00000-0123456789ab.zip' },
      },
      {
        ...of('e3'),
        stage: 'Bake',
        action: 'Configure',
        variables: { IMAGE_ID: 'ami-0123456789abcdef0', VERSION: '2.0.0' },
      },
      { ...of('e3'), stage: 'Integration', action: 'Smoke' },
      { ...of('e3'), stage: 'Staging', action: 'Smoke' },
      {
        ...{ ...of('e3'), stage: 'Production', action: 'Approve', approval: true, status: 'Failed', by: ann },
        ...{ summary: 'too late on a Friday', updated: noon + 2 * hour },
      },
      {
        ...{ ...of('e3'), stage: 'Production', action: 'Approve', approval: true, by: bob },
        ...{ summary: 'digest 0123456789abcdef', updated: noon + 3 * hour },
      },
    ),
  ]
  const calls: string[] = []
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown
        return typeof value !== 'function'
          ? value
          : (...args: unknown[]) => {
              calls.push(String(key))
              return (value as (...args: unknown[]) => unknown)(...args)
            }
      },
    })
  const metadata = (_: string, __: string, version?: string) =>
    Promise.resolve(
      version === 'v2'
        ? metadataOf({ commit: '9f3c2e1a'.repeat(5), message, author: 'Ann Doë', pusher: ann })
        : undefined,
    )
  const stacks = fakeStacks({
    states: [
      stackState(name),
      stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { outputs: { SourceBucket: 'source' } }),
    ],
  })
  const region = fakeRegion()
  const terminal = answering()
  const ports = {
    ...fakePorts(terminal, region),
    stacks: counted(stacks),
    pipelines: counted(pipelines as Pipelines),
    buckets: counted({ ...region.buckets, metadata }),
    parameters: counted(region.parameters),
  } as Ports
  return { ports, terminal, calls, pipelines }
}

describe('the history of a pipeline', () => {
  it('tells who stands behind each execution, within 80 columns and without colour', async () => {
    const { ports, terminal } = world()
    await showHistory(settings, ports)
    const text = terminal.shown.join('\n')
    assert.ok(
      text.split('\n').every((line) => line.length <= 80),
      text,
    )
    assert.equal(
      text,
      `acme-shop-pipeline-web-main

e3-00000  2026-01-31 14:00Z  SUCCEEDED after 1:00:00
  commit    9f3c2e1 Say in every place where somebody may look for it what the
            header is made of, and why
  by        Ann Doë, pushed by ann@example.com
  image     ami-0123456789abcdef0, version 2.0.0
  stages    Source ok, Bake ok, Integration ok, Staging ok, Plan skipped,
            Production ok (try 2)
  approved  by bob, 2026-01-31 15:00Z, digest 0123456789abcdef
  refused   by ann@example.com, 2026-01-31 14:00Z: too late on a Friday
  judged by riglet 0.1.0 (4d1a90b)

e2-00000  2026-01-31 13:00Z  FAILED after 1:01
  commit    9f3c2e1 Say in every place where somebody may look for it what the
            header is made of, and why
  by        Ann Doë, pushed by ann@example.com
  stages    Source skipped, Bake FAILED at Bake

e1-00000  2026-01-31 12:00Z  in progress
  commit    9f3c2e1 Ship it
  stages    Source ok`,
    )
  })

  it('is the same as data, with whole ARNs', async () => {
    const { ports, terminal } = world()
    await showHistory({ ...settings, JSON: '1' }, ports)
    const { pipeline, executions } = JSON.parse(terminal.shown.join('\n')) as { pipeline: string; executions: Past[] }
    assert.equal(pipeline, name)
    assert.deepEqual(
      executions.map(({ execution: id, status, pusher, answers }) => [id, status, pusher, answers.map(({ by }) => by)]),
      [
        ['e3-000000000', 'Succeeded', ann, [bob, ann]],
        ['e2-000000000', 'Failed', ann, []],
        ['e1-000000000', 'InProgress', '', []],
      ],
    )
  })

  it('takes six calls, and one for each version of the source', async () => {
    const { ports, calls } = world()
    await showHistory(settings, ports)
    assert.deepEqual(calls.sort(), [
      'executions',
      'find',
      'find',
      'metadata',
      'metadata',
      'runsSince',
      'state',
      'values',
    ])
  })

  it('says so before the first execution, and when it may not be told who pushed', async () => {
    const { ports, terminal, pipelines } = world()
    const refused = { ...ports.buckets, metadata: () => Promise.reject(accessDenied('no right to the source', null)) }
    await showHistory(settings, { ...ports, buckets: refused })
    assert.deepEqual(terminal.said, ['Not known who pushed: no right to the source'])
    pipelines.history = []
    await showHistory(settings, ports)
    assert.match(terminal.shown.at(-1)!, /It has not run yet: make push$/)
  })
})
