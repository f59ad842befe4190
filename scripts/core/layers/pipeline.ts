import { stackName, tagsOf } from '../names.ts'
import { ofSource } from './of-source.ts'
import type { Layer, OfSource } from './layer.ts'

/** What brings each push through all environments. */
export const pipeline = {
  layer: 'pipeline',
  template: 'cloudformation/pipeline.yaml',
  standsOn: { Artifacts: 'artifacts', Jobs: 'jobs' },
  makes: ['app'],
  holdsState: [],
  stack: ({ riglet, source }) => stackName.pipeline(riglet, source),
  title: () => 'pipeline',
  parameters: ({ riglet, source, control }) => ({
    ...ofSource(riglet, source),
    ControlKey: control,
    Jobs: stackName.jobs(riglet, source),
  }),
  tags: ({ riglet }) => tagsOf(riglet),
  facts: ({ parameters }) => ({
    source: { repo: parameters['Repo'] ?? '', branch: parameters['Branch'] ?? '', app: parameters['App'] },
    control: parameters['ControlKey'] ?? '',
  }),
} as const satisfies Layer<OfSource & { readonly control: string }>
