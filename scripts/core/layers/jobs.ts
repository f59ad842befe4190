import { buildEnvironment } from '../shapes.ts'
import { stackName, tagsOf } from '../names.ts'
import { ofSource } from './of-source.ts'
import type { Layer, OfSource } from './layer.ts'

/** The builds of a pipeline, with their roles, and the roles of its apps' machines. */
export const jobs = {
  layer: 'jobs',
  template: 'cloudformation/jobs.yaml',
  standsOn: { Artifacts: 'artifacts', BuildFoundation: 'foundation' },
  holdsState: [],
  stack: ({ riglet, source }) => stackName.jobs(riglet, source),
  title: () => 'jobs',
  parameters: ({ riglet, source, control }) => ({
    ...ofSource(riglet, source),
    ControlKey: control,
    Pipeline: stackName.pipeline(riglet, source),
    BuildFoundation: stackName.foundation(riglet, buildEnvironment),
  }),
  tags: ({ riglet }) => tagsOf(riglet),
  facts: ({ outputs }) => ({ bucket: outputs['ArtifactBucket'] }),
} as const satisfies Layer<OfSource & { readonly control: string }>
