import { sourceKey, stackName, tagsOf } from '../names.ts'
import type { PublicationRights } from '../publication/rights.ts'
import { owned, type Layer, type OfSource } from './layer.ts'

type OfPublication = OfSource & {
  readonly control: string
  readonly image: string
  /** What images.yaml makes of it. */
  readonly rights: PublicationRights
}

/** What publishes a pipeline's image: replicated by itself, and all that follows as people approve. */
export const publication = {
  layer: 'publication',
  template: 'cloudformation/publication.yaml',
  standsOn: { Artifacts: 'artifacts', VerifyPipeline: 'pipeline' },
  holdsState: [],
  stack: ({ riglet, source }) => stackName.publication(riglet, source),
  title: () => 'publication',
  parameters: ({ riglet, source, control, image, rights }) => ({
    ...owned(riglet),
    Artifacts: stackName.artifacts(riglet),
    VerifyPipeline: stackName.pipeline(riglet, source),
    Repo: source.repo,
    Branch: source.branch,
    SourceKey: sourceKey(source),
    ControlKey: control,
    Image: image,
    Regions: rights.regions.join(','),
    Role: rights.role,
    ManifestRoles: rights.manifestRoles.join(','),
    Consumer: rights.consumer,
    TokenParameter: rights.tokenParameter,
    TokenEntry: rights.tokenEntry,
  }),
  tags: ({ riglet }) => tagsOf(riglet),
  facts: ({ outputs, parameters }) => ({
    bucket: outputs['ArtifactBucket'],
    image: parameters['Image'],
    control: parameters['ControlKey'] ?? '',
  }),
} as const satisfies Layer<OfPublication>
