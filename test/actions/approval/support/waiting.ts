import type { TemplateFacts } from '../../../../scripts/core/image/launch.ts'
import { makePacket } from '../../../../scripts/actions/approval/make-packet.ts'
import type { ChangeSetFacts } from '../../../../scripts/core/ports/inspection.ts'
import type { Launch, LaunchAnswer } from '../../../../scripts/core/ports/fleet.ts'
import type { Publishing } from '../../../../scripts/core/ports/publishing.ts'
import type { PipelineState } from '../../../../scripts/core/pipeline/state.ts'
import type { Ports } from '../../../../scripts/core/ports/ports.ts'
import { fakeBuckets } from '../../../fakes/image-ports.ts'
import { actionRuns, fakeFleet, fakeInspection, fakePipelines } from '../../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../../fakes/stacks.ts'
import { answering } from '../../../fakes/terminal.ts'

export const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1', REPO: 'web', BRANCH: 'main' }
/** What a job of the pipeline is given. */
export const job = {
  ...settings,
  ENV: 'production',
  ARTIFACTS_BUCKET: 'bucket',
  EXECUTION_ID: 'e1',
  TESTS: '20 passed, 0 failed',
}
export const app = 'acme-shop-production-app-web-main'
/** Where the change set of the execution is kept: stack and name. */
export const set = `${app} pipeline-e1`

/** A pipeline that waits for the answer of a person. */
export const waits: PipelineState = {
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

/** A stack of the same name that is another branch’s. */
export const ofAnother = (name: string) =>
  stackState(name, 'UPDATE_COMPLETE', { parameters: { Repo: 'blog', Branch: 'main' } })

/** An app of production that runs ami-1, and a change set that brings ami-2. */
export function world() {
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
  /** What EC2 says of a dry run, and all that it was asked; images that were protected. */
  const launch: { now: LaunchAnswer } = { now: { type: 'would launch' } }
  const tried: Launch[] = []
  const kept: string[] = []
  const terminal = answering()
  const ports = {
    ...fakePorts(terminal, region),
    pipelines,
    buckets,
    publishing: { protect: (id: string) => Promise.resolve(void kept.push(id)) } as Partial<Publishing> as Publishing,
    inspection: fakeInspection(templates, sets),
    fleet: {
      ...fleet,
      groups: async (names: readonly string[]) =>
        (await fleet.groups(names)).map((group) => ({ ...group, launchTemplate: { id: 'lt-1', version: '2' } })),
      template: () => Promise.resolve(template.now),
      tryLaunch: (asked: Launch) => Promise.resolve(void tried.push(asked)).then(() => launch.now),
    },
  } as Ports
  return { ports, terminal, pipelines, buckets, templates, sets, region, keyStates, template, launch, tried, kept }
}

/** The packet is made, and the pipeline waits with its digest. */
export async function waiting() {
  const all = world()
  await makePacket(job, all.ports)
  const exports = await all.ports.files.read('out/exports.env')
  const digest = /DIGEST='([0-9a-f]{64})'/.exec(exports)![1]!
  all.pipelines.actionRuns.push(...actionRuns({ stage: 'Production', action: 'Packet', variables: { DIGEST: digest } }))
  return { ...all, digest, exports }
}

/** Nothing moved, and yet no instance could be launched. */
export const unlaunchable: readonly (readonly [string, (all: ReturnType<typeof world>) => void, RegExp])[] = [
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

/** Until an hour after the fakes' clock, and until an hour before it. */
export const freeze = (until = '2026-01-31T13:00:00.000Z') =>
  JSON.stringify({ until, reason: 'Christmas trade', by: 'arn:aws:iam::123456789012:user/eve', since: '' })
export const overFreeze = freeze('2026-01-31T11:00:00.000Z')
export const freezePlace = '/acme/shop/freeze/production/web-main'
