import assert from 'node:assert/strict'
import { approve, reject, showApproval } from '../../../scripts/actions/approval/answer-approval.ts'
import { guard } from '../../../scripts/actions/approval/guard.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ChangeSetFacts } from '../../../scripts/core/pipeline/ports.ts'
import type { PipelineState } from '../../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../../scripts/core/ports.ts'
import { fakeBuckets } from '../../fakes/image-ports.ts'
import { actionRuns, fakeFleet, fakeInspection, fakePipelines } from '../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', REPO: 'web', BRANCH: 'main' }
const job = {
  ...settings,
  ENV: 'production',
  ARTIFACTS_BUCKET: 'bucket',
  EXECUTION_ID: 'e1',
  TESTS: '20 passed, 0 failed',
}
const app = 'acme-shop-production-app-web-main'
const set = `${app} pipeline-e1`

const waits: PipelineState = {
  name: 'acme-shop-pipeline-web-main',
  stages: [
    {
      name: 'Production',
      execution: 'e1',
      status: 'InProgress',
      barred: null,
      actions: [
        {
          name: 'Approve',
          status: 'InProgress',
          changed: 0,
          summary: '',
          error: '',
          token: 't',
          external: '',
          link: '',
        },
      ],
    },
  ],
}

function world() {
  const tags = { Version: '2.0.0', Commit: '9f3c2e1aa', Inputs: 'abcd' }
  const images = [imageFacts('ami-1', { tags: { ...tags, Version: '1.0.0' } }), imageFacts('ami-2', { tags })]
  const stacks = fakeStacks({
    states: [
      stackState(app, 'UPDATE_COMPLETE', {
        parameters: { ImageId: 'ami-1', MinSize: '2' },
        outputs: { GroupName: 'group' },
      }),
      stackState('acme-shop-jobs-web-main', 'CREATE_COMPLETE', { outputs: { ArtifactBucket: 'bucket' } }),
    ],
  })
  const changeSet: ChangeSetFacts = {
    id: 'arn:set',
    executable: true,
    template: 'new',
    parameters: { ImageId: 'ami-2', MinSize: '2' },
    changes: [
      {
        logicalId: 'LaunchTemplate',
        resourceType: 'AWS::EC2::LaunchTemplate',
        action: 'modify',
        replacement: 'no',
        properties: [{ path: 'LaunchTemplateData.ImageId', before: 'ami-1', after: 'ami-2', replaces: 'no' }],
      },
    ],
  }
  const templates: Record<string, string> = { [app]: 'old' }
  const sets: Record<string, ChangeSetFacts> = { [set]: changeSet }
  const pipelines = fakePipelines(waits)
  const buckets = fakeBuckets()
  const region = fakeRegion({ stacks, images })
  const terminal = answering()
  const ports = {
    ...fakePorts(terminal, region),
    pipelines,
    buckets,
    inspection: fakeInspection(templates, sets),
    fleet: fakeFleet(['i-1', 'i-2']),
  } as Ports
  return { ports, terminal, pipelines, buckets, templates, sets, region }
}

/** The packet is made, and the pipeline waits with its digest. */
async function waiting() {
  const all = world()
  await makePacket(job, all.ports)
  const exports = await all.ports.files.read('out/exports.env')
  const digest = /DIGEST='([0-9a-f]{64})'/.exec(exports)![1]!
  all.pipelines.actionRuns.push(...actionRuns({ stage: 'Production', action: 'Packet', variables: { DIGEST: digest } }))
  return { ...all, digest, exports }
}

describe('the approval packet', () => {
  it('shows both images, tests, instances and changes, and names them by a digest (B04)', async () => {
    const { terminal, digest, buckets, exports } = await waiting()
    const text = terminal.shown.join('\n')
    for (const part of [
      'ami-1  version 1.0.0',
      'ami-2  version 2.0.0',
      '20 passed, 0 failed',
      'i-1, i-2',
      'LaunchTemplate',
      digest.slice(0, 16),
    ])
      assert.ok(text.includes(part), part)
    assert.match(exports, /CHANGES='yes'/)
    assert.ok(buckets.objects.has(`bucket/packets/e1/${digest}.json`))
  })

  it('says that nobody need be asked when the change set holds nothing', async () => {
    const { ports, sets } = world()
    sets[set] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(job, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='no'/)
  })
})

describe('a plan beside something that waits', () => {
  const planning = { ...job, EXECUTION_ID: 'e2', CHANGE_SET: 'plan-e2', PLANNING: 'yes' }

  it('is asked about although it changes nothing yet: what waits may be approved before it', async () => {
    const { ports, sets } = world()
    sets[`${app} plan-e2`] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='yes'/)
  })

  it('is passed over when it changes nothing and nothing waits', async () => {
    const { ports, sets, pipelines } = world()
    pipelines.states = [{ ...waits, stages: [{ ...waits.stages[0]!, status: 'Succeeded' }] }]
    sets[`${app} plan-e2`] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='no'/)
  })
})

describe('approving', () => {
  it('answers the pipeline when the digest names what was shown (B04)', async () => {
    const { ports, pipelines, digest } = await waiting()
    await showApproval(settings, ports)
    await approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports)
    assert.deepEqual(pipelines.answers, [{ approved: true, summary: `digest ${digest.slice(0, 16)}` }])
  })

  it('answers nothing for another digest (B04)', async () => {
    const { ports, pipelines } = await waiting()
    await assert.rejects(approve({ ...settings, DIGEST: '0123456789abcdef' }, ports), /does not name what waits/)
    assert.deepEqual(pipelines.answers, [])
  })

  it('answers nothing when the template in force moved, and names it (B04)', async () => {
    const { ports, pipelines, digest, templates } = await waiting()
    templates[app] = 'changed by hand'
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /template in force in \S+ has changed/,
    )
    assert.deepEqual(pipelines.answers, [])
  })

  it('answers nothing when the packet was tampered with (B04)', async () => {
    const { ports, pipelines, digest, buckets } = await waiting()
    for (const [key, text] of buckets.objects) buckets.objects.set(key, text.replaceAll('ami-2', 'ami-9'))
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /changed after the pipeline wrote it/,
    )
    assert.deepEqual(pipelines.answers, [])
  })

  it('says so when nothing waits', async () => {
    const { ports, pipelines } = await waiting()
    pipelines.states = [{ ...waits, stages: [] }]
    await assert.rejects(approve({ ...settings, DIGEST: '0123456789abcdef' }, ports), /nothing waits for an approval/)
  })

  it('rejects with the reason that was given (R46)', async () => {
    const { ports, pipelines } = await waiting()
    await reject({ ...settings, REASON: 'too late on a Friday' }, ports)
    assert.deepEqual(pipelines.answers, [{ approved: false, summary: 'too late on a Friday' }])
  })
})

describe('the guard', () => {
  /** A person approved, with these words. */
  const approved = async (words?: string) => {
    const all = await waiting()
    const summary = words ?? `digest ${all.digest.slice(0, 16)}`
    all.pipelines.actionRuns.unshift(...actionRuns({ stage: 'Production', action: 'Approve', approval: true, summary }))
    return all
  }

  it('lets pass what has not moved (B04)', async () => {
    const { ports, digest } = await approved()
    await guard({ ...job, DIGEST: digest }, ports)
  })

  it('finds the digest wherever it stands in the comment of an approval in the console', async () => {
    const { digest } = await waiting()
    const { ports } = await approved(`Looks good to me: ${digest}, ship it`)
    await guard({ ...job, DIGEST: digest }, ports)
  })

  it('refuses an approval without a digest, and says how it is done', async () => {
    const { ports, digest } = await approved('LGTM')
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), (error: RigletError) => {
      assert.match(error.message, /^Whoever approved named no digest \("LGTM"\)/)
      assert.match(error.remedy, /make approve DIGEST=/)
      return true
    })
  })

  it('refuses the approval of another digest', async () => {
    const { ports, digest } = await approved('digest 0123456789abcdef')
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), /^RigletError: Approved was 0123456789abcdef, but/)
  })

  const moves: readonly (readonly [string, (all: Awaited<ReturnType<typeof waiting>>) => void, RegExp])[] = [
    ['the stack moved', ({ templates }) => void (templates[app] = 'other'), /template in force/],
    [
      'the change set moved',
      ({ sets }) => void (sets[set] = { ...sets[set]!, template: 'x' }),
      /template of the change set/,
    ],
    [
      'another change set took its name',
      ({ sets }) => void (sets[set] = { ...sets[set]!, id: 'arn:other' }),
      /made anew since it was shown/,
    ],
    [
      'the change set went obsolete',
      ({ sets }) => void (sets[set] = { ...sets[set]!, executable: false }),
      /cannot be executed any more/,
    ],
    [
      'the image was retagged',
      ({ region }) => void region.held.images.set('ami-2', imageFacts('ami-2', { tags: { Commit: 'evil' } })),
      /other tags/,
    ],
    ['the image went away', ({ region }) => void region.held.images.delete('ami-2'), /ami-2 does not exist any more/],
  ]
  for (const [what, move, words] of moves)
    it(`refuses when ${what} (B04)`, async () => {
      const all = await approved()
      move(all)
      await assert.rejects(guard({ ...job, DIGEST: all.digest }, all.ports), words)
    })
})
