import { showDrift } from '../../../../scripts/actions/drift/show-drift.ts'
import type { ResourceDrift, StackDrift } from '../../../../scripts/core/drift/stack-drift.ts'
import type { Ports } from '../../../../scripts/core/ports/ports.ts'
import type { StackState } from '../../../../scripts/core/stack/state.ts'
import { actionRuns, execution, fakeFleet, fakeInspection, fakePipelines } from '../../../fakes/pipelines.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../../fakes/regional.ts'
import { settings as all } from '../../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../../fakes/stacks.ts'
import { answering } from '../../../fakes/terminal.ts'

const { ENV: _, ...settings } = all
export const [artifacts, pipeline] = ['acme-shop-artifacts', 'acme-shop-pipeline-shop-main']
export const foundation = (environment: string) => `acme-shop-${environment}-foundation`
export const app = (environment: string) => `acme-shop-${environment}-app-shop-main`

/** A stack that is as it should be, with the outputs and parameters of its layer. */
export const stack = (name: string, more: Partial<StackState> = {}) =>
  stackState(name, more.status ?? 'CREATE_COMPLETE', {
    outputs: name.endsWith('-foundation')
      ? { VpcId: `vpc-${name}` }
      : name.includes('-app-')
        ? { GroupName: `group-${name}` }
        : {},
    parameters: name.includes('-app-') ? { ImageId: 'ami-2' } : name === pipeline ? { App: 'shop-main' } : {},
    ...more,
  })

export const names = [
  artifacts,
  pipeline,
  ...['integration', 'staging', 'production'].flatMap((environment) => [foundation(environment), app(environment)]),
]

/** What drift detection says of one resource. */
export const topic = (status: ResourceDrift['status']): ResourceDrift => ({
  logicalId: 'Topic',
  physicalId: 'topic-1',
  resourceType: 'AWS::SNS::Topic',
  status,
  differences: [],
})

export type World = {
  readonly stacks?: readonly StackState[]
  /** What drift detection of a stack answers, if not that its topic is in sync. */
  readonly drifts?: Readonly<Record<string, Error | StackDrift>>
  readonly fleet?: Partial<Ports['fleet']>
  readonly pipelines?: Partial<Ports['pipelines']>
  readonly parameters?: Readonly<Record<string, string>>
}

/** A riglet in sync: the pipeline passed ami-2 everywhere, and everything runs it. */
export function world({
  stacks = names.map((name) => stack(name)),
  drifts = {},
  fleet = {},
  pipelines = {},
  parameters = {},
}: World = {}) {
  const terminal = answering()
  const asked: string[] = []
  const history = fakePipelines()
  history.history = [execution('e1', { status: 'Succeeded' })]
  history.actionRuns.push(
    ...actionRuns(
      { stage: 'Bake', action: 'Bake', variables: { IMAGE_ID: 'ami-2' } },
      ...['Integration', 'Staging', 'Production'].map((stage) => ({ stage, action: 'Smoke' })),
    ),
  )
  const ports = {
    ...fakePorts(
      terminal,
      fakeRegion({
        stacks: fakeStacks({ states: stacks }),
        images: [imageFacts('ami-1'), imageFacts('ami-2')],
        parameters,
      }),
    ),
    pipelines: { ...history, ...pipelines },
    inspection: {
      ...fakeInspection({}, {}),
      drift: (name: string) => {
        asked.push(name)
        const answer = drifts[name] ?? { type: 'checked', stack: name, resources: [topic('IN_SYNC')] }
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
      },
    },
    fleet: {
      ...fakeFleet(),
      groups: (groups: readonly string[]) => {
        asked.push(...groups)
        return Promise.resolve(
          groups.map((name) => ({ name, desired: 1, launchTemplate: { id: 'lt', version: '1' }, instances: [] })),
        )
      },
      template: () => Promise.resolve({ type: 'version', image: 'ami-2' }),
      ...fleet,
    },
  } as Ports
  const show = async (more: object = {}) => {
    const code = await showDrift({ ...settings, ...more }, ports)
    return { code, text: terminal.shown.join('\n') }
  }
  return { ports, asked, terminal, show }
}

/** All stacks but these. */
export const without = (...gone: readonly string[]) =>
  names.filter((name) => !gone.includes(name)).map((name) => stack(name))
/** All stacks, one of them otherwise. */
export const instead = (name: string, more: Partial<StackState>) => [...without(name), stack(name, more)]
