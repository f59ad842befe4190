import assert from 'node:assert/strict'
import { approve, reject, showApproval } from '../../../scripts/actions/approval/answer-approval.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { TemplateFacts } from '../../../scripts/core/image/launch.ts'
import { guard } from '../../../scripts/actions/approval/guard.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import type { Packet } from '../../../scripts/core/approval/packet.ts'
import { metadataOf } from '../../../scripts/core/source/pushed.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ChangeSetFacts } from '../../../scripts/core/ports/inspection.ts'
import type { PipelineState } from '../../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
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

const ofAnother = (name: string) =>
  stackState(name, 'UPDATE_COMPLETE', { parameters: { Repo: 'blog', Branch: 'main' } })

function world() {
  const tags = { Version: '2.0.0', Commit: '9f3c2e1aa', Inputs: 'abcd' }
  const images = [
    imageFacts('ami-1', { tags: { ...tags, Version: '1.0.0' } }),
    imageFacts('ami-2', { tags, encrypted: ['snap-2'] }),
  ]
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
  const keyStates: Record<string, string> = {}
  const region = fakeRegion({ stacks, images, snapshotKeys: { 'snap-2': 'arn:key' }, keyStates })
  const fleet = fakeFleet(['i-1', 'i-2'])
  const template: { now: TemplateFacts } = { now: { type: 'version', image: 'ami-1' } }
  const terminal = answering()
  const ports = {
    ...fakePorts(terminal, region),
    pipelines,
    buckets,
    inspection: fakeInspection(templates, sets),
    fleet: {
      ...fleet,
      groups: async (names: readonly string[]) =>
        (await fleet.groups(names)).map((group) => ({ ...group, launchTemplate: { id: 'lt-1', version: '2' } })),
      template: () => Promise.resolve(template.now),
    },
  } as Ports
  return { ports, terminal, pipelines, buckets, templates, sets, region, keyStates, template }
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

  it('says that production was taken back, by whom and why, and that this puts the image back (B23)', async () => {
    const kept = {
      ...{ stackId: stackState(app).id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1aa' },
      ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
    }
    const told = async (text: string, more: object = {}) => {
      const { ports, terminal, region } = world()
      region.held.parameters.set('/acme/shop/rollback/production/web-main', text)
      await makePacket({ ...job, ...more }, ports)
      return {
        text: terminal.shown.join('\n').replaceAll(/\n {14}/g, ' '),
        exports: await ports.files.read('out/exports.env'),
      }
    }
    // The stage Plan shows it, too, before anybody is asked.
    for (const more of [{}, { PLANNING: '1' }]) {
      const { text, exports } = await told(JSON.stringify(kept), more)
      assert.match(
        text,
        /TAKEN BACK {2}from ami-2 \(2\.0\.0, 9f3c2e1\) by ann, .* prices are wrong\. This puts ami-2 back\./,
      )
      assert.match(exports, /SUMMARY='.*, ENDS A ROLL-BACK'/)
    }
    const over = await told(JSON.stringify({ ...kept, image: 'ami-0' }))
    assert.doesNotMatch(over.text + over.exports, /TAKEN BACK|ENDS A ROLL-BACK/)
    assert.match((await told('{')).text, /unchecked +whether it was taken back: /)
  })

  it('says that nobody need be asked when the change set holds nothing', async () => {
    const { ports, sets } = world()
    sets[set] = { ...sets[set]!, executable: false, changes: [] }
    await makePacket(job, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='no'/)
  })
})

/** Nothing moved, and yet no instance could be launched. */
const unlaunchable: readonly (readonly [string, (all: ReturnType<typeof world>) => void, RegExp])[] = [
  [
    'the new image cannot be decrypted',
    ({ keyStates }) => void (keyStates['arn:key'] = 'PendingDeletion'),
    /its image ami-2 cannot be decrypted: the key arn:key is pending deletion/,
  ],
  [
    'the launch template is gone',
    ({ template }) => void (template.now = { type: 'no template' }),
    /its launch template lt-1 was deleted/,
  ],
]

describe('an approval packet of what could not be launched', () => {
  for (const [what, move, words] of unlaunchable)
    it(`is not written: nobody is asked when ${what}`, async () => {
      const all = world()
      move(all)
      await assert.rejects(makePacket(job, all.ports), words)
      assert.equal(all.buckets.objects.size, 0)
    })

  it('says what could not be asked, and that there is no way back to an image that is gone', async () => {
    const { ports, region, terminal } = world()
    region.held.images.delete('ami-1')
    const keys = { state: () => Promise.reject(accessDenied('no right to the key', null)) }
    await makePacket(job, { ...ports, keys })
    const text = terminal.shown.join('\n')
    assert.match(text, /^ {2}unchecked +the key of its image ami-2: no right to the key$/m)
    assert.match(text, /^ {2}no way back +its image ami-1 was deregistered, or is not shared/m)
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

describe('a plan that something else overtook', () => {
  const planning = { ...job, EXECUTION_ID: 'e2', CHANGE_SET: 'plan-e2', PLANNING: 'yes' }

  // Executing one change set deletes all others of its stack.
  it('is made anew at production, and asked about, when an execution before it took its change set away', async () => {
    const { ports, terminal } = world()
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='yes'/)
    assert.match(terminal.said.join('\n'), /plan-e2 is gone: .*planned anew/)
  })

  it('is asked about when somebody updated the stack and so made its change set obsolete', async () => {
    const { ports, sets, pipelines } = world()
    pipelines.states = [{ ...waits, stages: [{ ...waits.stages[0]!, status: 'Succeeded' }] }]
    sets[`${app} plan-e2`] = { ...sets[set]!, executable: false }
    await makePacket(planning, ports)
    assert.match(await ports.files.read('out/exports.env'), /CHANGES='yes'/)
  })

  it('is a failure where there is nothing after it that plans anew: at production itself', async () => {
    const { ports, sets } = world()
    delete sets[set]
    await assert.rejects(makePacket(job, ports), ({ code }: RigletError) => code === 'CHANGE_SET')
  })
})

describe('approving', () => {
  for (const [what, move, words] of [
    ...unlaunchable,
    [
      'the new image is disabled',
      ({ region }) => void region.held.images.set('ami-2', { ...region.held.images.get('ami-2')!, state: 'disabled' }),
      /the new image ami-2 is disabled now/,
    ],
    ['the new image is gone', ({ region }) => void region.held.images.delete('ami-2'), /ami-2 does not exist any more/],
  ] as typeof unlaunchable)
    it(`answers nothing when ${what}`, async () => {
      const all = await waiting()
      move(all)
      await assert.rejects(approve({ ...settings, DIGEST: all.digest.slice(0, 16) }, all.ports), words)
      assert.deepEqual(all.pipelines.answers, [])
    })

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

  it('answers nothing when the packet is no packet any more, and says where', async () => {
    const { ports, pipelines, digest, buckets } = await waiting()
    for (const key of buckets.objects.keys()) buckets.objects.set(key, '{\n  "decisive": \n')
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /changed after the pipeline wrote it\.\n\S+\.json:3:1: it is not JSON/,
    )
    for (const key of buckets.objects.keys()) buckets.objects.set(key, 'null')
    await assert.rejects(
      approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports),
      /must be an object with decisive/,
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

  it('answers nothing to a packet of another version’s form, and says which would', async () => {
    const { ports, pipelines, digest, buckets } = await waiting()
    for (const [key, text] of buckets.objects) buckets.objects.set(key, text.replace(/"format": ?2/, '"format": 1'))
    await assert.rejects(approve({ ...settings, DIGEST: digest.slice(0, 16) }, ports), (error: RigletError) => {
      assert.match(error.message, /written by another version of riglet: its form is 1, not 2/)
      assert.match(error.remedy, /the version that `make status` tells/)
      return true
    })
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

  it('rejects also where the packet cannot be read any more, as its message says', async () => {
    const { ports, pipelines, buckets } = await waiting()
    for (const key of buckets.objects.keys()) buckets.objects.set(key, '{')
    await reject({ ...settings, REASON: 'damaged' }, ports)
    assert.deepEqual(pipelines.answers, [{ approved: false, summary: 'damaged' }])
  })
})

/** Until an hour after the fakes' clock, and until an hour before it. */
const freeze = (until = '2026-01-31T13:00:00.000Z') =>
  JSON.stringify({ until, reason: 'Christmas trade', by: 'arn:aws:iam::123456789012:user/eve', since: '' })
const over = freeze('2026-01-31T11:00:00.000Z')
const freezePlace = '/acme/shop/freeze/production/web-main'

describe('approving in a freeze', () => {
  it('is refused, and tells until when and why; it goes on waiting', async () => {
    const { ports, pipelines, digest, region } = await waiting()
    region.held.parameters.set(freezePlace, freeze())
    await assert.rejects(approve({ ...settings, DIGEST: digest }, ports), (error: RigletError) => {
      assert.equal(error.message, 'production is frozen until 2026-01-31T13:00Z: Christmas trade (by eve).')
      assert.match(
        error.remedy,
        /^Nothing was approved, and it goes on waiting\. .*make thaw ENV=production.*approve it\.$/,
      )
      return true
    })
    assert.deepEqual(pipelines.answers, [])
  })

  it('is taken once the freeze has run out, although nobody thawed it', async () => {
    const { ports, pipelines, digest, region } = await waiting()
    region.held.parameters.set(freezePlace, over)
    await approve({ ...settings, DIGEST: digest }, ports)
    assert.equal(pipelines.answers.length, 1)
  })

  it('is refused, too, while nobody can read whether it is over', async () => {
    const { ports, pipelines, digest, region } = await waiting()
    region.held.parameters.set(freezePlace, 'until Christmas')
    await assert.rejects(approve({ ...settings, DIGEST: digest }, ports), /cannot be read, so it is taken for one/)
    const parameters = { ...ports.parameters, get: () => Promise.reject(accessDenied('no right to the freeze', null)) }
    await assert.rejects(approve({ ...settings, DIGEST: digest }, { ...ports, parameters }), /no right to the freeze/)
    assert.deepEqual(pipelines.answers, [])
  })

  it('is shown as refused before anybody tries: as it is now, not as it was when the packet was written', async () => {
    const { ports, terminal, region, digest } = await waiting()
    region.held.parameters.set(freezePlace, freeze())
    await showApproval(settings, ports)
    assert.match(terminal.shown.at(-1)!, /^ {2}FROZEN +until 2026-01-31T13:00Z: Christmas trade$/m)
    assert.match(terminal.said.join('\n'), /production is FROZEN until .*Nothing can be approved before/)
    await makePacket(job, ports)
    assert.match(terminal.shown.at(-1)!, /FROZEN/)
    assert.match(
      await ports.files.read('out/exports.env'),
      /SUMMARY='[0-9a-f]{16}: .*, FROZEN until 2026-01-31T13:00Z'/,
    )
    region.held.parameters.delete(freezePlace)
    await showApproval({ ...settings, JSON: '1' }, ports)
    const shown = JSON.parse(terminal.shown.at(-1)!) as { digest: string; packet: Packet }
    assert.deepEqual([shown.packet.frozen, shown.digest], ['', digest])
  })
})

describe('approving where another than who pushed has to', () => {
  const ada = 'arn:aws:iam::123456789012:user/ada'
  const separate = async (pusher?: string) => {
    const all = await waiting()
    const jobs = 'acme-shop-jobs-web-main'
    const parameters = { SeparateApprover: 'yes' }
    all.region.stacks.states.set(jobs, { ...all.region.stacks.states.get(jobs)!, parameters })
    if (pusher === undefined) return all
    const [[key, text]] = [...all.buckets.objects] as [[string, string]]
    const source = { commit: 'c', message: 'm', author: 'Ann', pusher }
    all.buckets.objects.set(key, JSON.stringify({ ...(JSON.parse(text) as Packet), source }))
    return all
  }
  const answered = async (pusher?: string) => {
    const { ports, pipelines, digest } = await separate(pusher)
    await approve({ ...settings, DIGEST: digest }, ports)
    return pipelines.answers.length
  }

  it('is refused from who pushed, with the reason, before anything is answered', async () => {
    await assert.rejects(answered(ada), (error: RigletError) => {
      assert.equal(error.message, 'ada pushed this, and somebody else has to approve it: SEPARATE_APPROVER is set.')
      assert.equal(error.remedy, 'Nothing was approved. Somebody else approves.')
      return true
    })
  })

  it('is refused where nobody can tell who pushed', async () => {
    await assert.rejects(answered(), /cannot be told, and has to be: SEPARATE_APPROVER is set, and it is not known who/)
    await assert.rejects(answered('arn:aws:sts::123456789012:assumed-role/A/botocore-session-1'), /a tool made up/)
  })

  it('is taken from somebody else', async () => assert.equal(await answered('arn:aws:iam::123456789012:user/bob'), 1))

  it('is asked of nobody where it is not set: no call for it', async () => {
    const { ports, digest } = await waiting()
    const account = { ...ports.account, caller: () => Promise.reject(new Error('asked')) }
    await approve({ ...settings, DIGEST: digest }, { ...ports, account })
  })

  it('stands in the packet, with author and pusher', async () => {
    const all = world()
    const ports = { ...all.ports, buckets: { ...all.buckets, metadata: () => Promise.resolve(pushedBy) } }
    await makePacket({ ...job, SEPARATE_APPROVER: 'yes', SOURCE_BUCKET: 's', SOURCE_VERSION: 'v' }, ports)
    const text = all.terminal.shown.at(-1)!
    assert.match(text, /^ {2}source +commit 9f3c2e1 "Ship it" by Ann Doe, pushed by ada$/m)
    assert.match(text, /^ {2}approver +somebody else than ada: SEPARATE_APPROVER is set$/m)
  })

  const pushedBy = metadataOf({ commit: '9f3c2e1a'.repeat(5), message: 'Ship it', author: 'Ann Doe', pusher: ada })
})

describe('approving in a pipeline that is another branch’s', () => {
  it('is refused, and so is rejecting', async () => {
    const { ports, digest, pipelines, region } = await waiting()
    region.stacks.states.set(waits.name, ofAnother(waits.name))
    const refused = ({ code }: RigletError): boolean => code === 'STACK_TAKEN'
    await assert.rejects(approve({ ...settings, DIGEST: digest }, ports), refused)
    await assert.rejects(reject({ ...settings, REASON: 'no' }, ports), refused)
    assert.deepEqual(pipelines.answers, [])
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

  it('refuses in a freeze, whichever way the approval was given, and says what helps then', async () => {
    const { ports, digest, region } = await approved()
    region.held.parameters.set(freezePlace, freeze())
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), (error: RigletError) => {
      assert.equal(error.message, 'production is frozen until 2026-01-31T13:00Z: Christmas trade (by eve).')
      assert.match(error.remedy, /^Production was not touched\. .*`make retry-pipeline` plans and asks again\.$/)
      return true
    })
    region.held.parameters.set(freezePlace, '{}')
    await assert.rejects(guard({ ...job, DIGEST: digest }, ports), /cannot be read, so it is taken for one/)
    region.held.parameters.set(freezePlace, over)
    await guard({ ...job, DIGEST: digest }, ports)
  })

  it('reads the freeze of its own pipeline and environment alone', async () => {
    const { ports, digest, region } = await approved()
    for (const other of ['production/blog-main', 'staging/web-main', 'production/web-main/x'])
      region.held.parameters.set(`/acme/shop/freeze/${other}`, freeze())
    await guard({ ...job, DIGEST: digest }, ports)
  })

  for (const [what, pusher, by, words] of [
    ['who pushed', 'user/ada', 'user/ada', /^ada pushed this, and somebody else has to approve it/],
    [
      'who pushed in another session',
      'user/ada',
      'assumed-role/Admin/ada@example.com',
      /^ada@example\.com pushed this/,
    ],
    ['nobody knows whom', 'user/ada', '', /it is not known who approved\.$/],
  ] as const)
    it(`refuses by setting an approval by ${what}, whichever way it was given`, async () => {
      const { ports, digest, buckets, pipelines } = await approved()
      const arn = (name: string) =>
        name === '' ? '' : `arn:aws:${name.startsWith('user') ? 'iam' : 'sts'}::123456789012:${name}`
      const [[key, text]] = [...buckets.objects] as [[string, string]]
      const source = { commit: 'c', message: 'm', author: 'Ann', pusher: arn(pusher) }
      buckets.objects.set(key, JSON.stringify({ ...(JSON.parse(text) as Packet), source }))
      pipelines.actionRuns[0] = { ...pipelines.actionRuns[0]!, by: arn(by) }
      const asked = { ...job, DIGEST: digest, SEPARATE_APPROVER: 'yes' }
      await assert.rejects(guard(asked, ports), (error: RigletError) => {
        assert.match(error.message, words)
        assert.match(error.remedy, /^Production was not touched\. `make retry-pipeline` plans and asks again\./)
        return true
      })
      pipelines.actionRuns[0] = { ...pipelines.actionRuns[0], by: arn('user/bob') }
      await guard(asked, ports)
      pipelines.actionRuns[0] = { ...pipelines.actionRuns[0], by: arn(by) }
      await guard({ ...asked, SEPARATE_APPROVER: 'no' }, ports)
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
    [
      'the stack is another branch’s',
      ({ region }) => void region.stacks.states.set(app, ofAnother(app)),
      /belongs to REPO=blog;/,
    ],
    ['the image went away', ({ region }) => void region.held.images.delete('ami-2'), /ami-2 does not exist any more/],
  ]
  for (const [what, move, words] of unlaunchable)
    it(`refuses when ${what}`, async () => {
      const all = await approved()
      move(all)
      await assert.rejects(guard({ ...job, DIGEST: all.digest }, all.ports), words)
    })

  it('says what it could not ask, and lets pass', async () => {
    const { ports, digest, terminal } = await approved()
    const keys = { state: () => Promise.reject(accessDenied('no right to the key', null)) }
    await guard({ ...job, DIGEST: digest }, { ...ports, keys })
    assert.match(terminal.said.join('\n'), /Not checked whether ami-2 can be launched: .*no right to the key/)
  })

  for (const [what, move, words] of moves)
    it(`refuses when ${what} (B04)`, async () => {
      const all = await approved()
      move(all)
      await assert.rejects(guard({ ...job, DIGEST: all.digest }, all.ports), words)
    })
})
