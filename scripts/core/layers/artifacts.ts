import { stackName, tagsOf } from '../names.ts'
import { owned, type Layer, type OfRiglet } from './layer.ts'

/** What all pipelines of a riglet share: buckets, topics, and the key that images are encrypted with. */
export const artifacts = {
  layer: 'artifacts',
  template: 'cloudformation/artifacts.yaml',
  standsOn: {},
  holdsState: [],
  stack: ({ riglet }) => stackName.artifacts(riglet),
  title: () => 'artifacts',
  parameters: ({ riglet }) => owned(riglet),
  tags: ({ riglet }) => tagsOf(riglet),
  facts: ({ outputs }) => ({ bucket: outputs['ArtifactBucket'] }),
} as const satisfies Layer<OfRiglet>
