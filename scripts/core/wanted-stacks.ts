import { appName, rigletName, stackName, tagsOf, type Environment, type Riglet, type Source } from './names.ts'
import type { ImageFacts } from './image-facts.ts'
import { sourceKey } from './names.ts'
import type { Settings } from './settings.ts'
import { saidOf, type stackSettings } from './stack-settings.ts'
import type { WantedStack } from './stack/wanted.ts'

export const templateFiles = {
  foundation: 'cloudformation/foundation.yaml',
  artifacts: 'cloudformation/artifacts.yaml',
  jobs: 'cloudformation/jobs.yaml',
  pipeline: 'cloudformation/pipeline.yaml',
  app: 'cloudformation/app-image.yaml',
} as const

const capabilities = ['CAPABILITY_NAMED_IAM'] as const

/** What riglet itself knows of a stack, and what the settings say; the rest stays as it is. */
const parametersOf = (
  layer: keyof typeof stackSettings,
  own: Readonly<Record<string, string>>,
  settings: Settings,
): Pick<WantedStack, 'parameters' | 'reset'> => {
  const { parameters, reset } = saidOf(layer, settings)
  return { parameters: { ...own, ...parameters }, reset }
}

const named = (riglet: Riglet) => ({ Owner: riglet.owner, Project: riglet.project, Riglet: rigletName(riglet) })

export const wantedFoundation = (
  riglet: Riglet,
  environment: Environment,
  template: string,
  settings: Settings,
): WantedStack => ({
  name: stackName.foundation(riglet, environment),
  layer: `${environment} foundation`,
  file: templateFiles.foundation,
  template,
  ...parametersOf('foundation', { ...named(riglet), Environment: environment }, settings),
  tags: tagsOf(riglet, environment),
  capabilities,
})

export const wantedArtifacts = (riglet: Riglet, template: string, settings: Settings): WantedStack => ({
  name: stackName.artifacts(riglet),
  layer: 'artifacts',
  file: templateFiles.artifacts,
  template,
  ...parametersOf('artifacts', named(riglet), settings),
  tags: tagsOf(riglet),
  capabilities,
})

/** Which pipeline a stack is of. */
const ofSource = (riglet: Riglet, source: Source) => ({
  ...named(riglet),
  Repo: source.repo,
  Branch: source.branch,
  App: appName(source),
  Artifacts: stackName.artifacts(riglet),
  SourceKey: sourceKey(source),
})

export const wantedJobs = (
  riglet: Riglet,
  source: Source,
  template: string,
  { settings: { IMAGE: image, ...settings }, control }: { readonly settings: Settings; readonly control: string },
): WantedStack => ({
  name: stackName.jobs(riglet, source),
  layer: 'jobs',
  file: templateFiles.jobs,
  template,
  ...parametersOf(
    'jobs',
    {
      ...ofSource(riglet, source),
      ControlKey: control,
      Pipeline: stackName.pipeline(riglet, source),
      BuildFoundation: stackName.foundation(riglet, 'integration'),
    },
    // The id of one image has no business here: a pipeline bakes a folder under packer/.
    image === undefined || image.startsWith('ami-') ? settings : { ...settings, IMAGE: image },
  ),
  tags: tagsOf(riglet),
  capabilities,
})

export const wantedPipeline = (
  riglet: Riglet,
  source: Source,
  template: string,
  control: string,
  settings: Settings = {},
): WantedStack => ({
  name: stackName.pipeline(riglet, source),
  layer: 'pipeline',
  file: templateFiles.pipeline,
  template,
  ...parametersOf(
    'pipeline',
    { ...ofSource(riglet, source), ControlKey: control, Jobs: stackName.jobs(riglet, source) },
    settings,
  ),
  tags: tagsOf(riglet),
  capabilities,
})

/** Who an app is, apart from its image: the pipeline and a deployment by hand say the same. */
export const appParameters = (
  riglet: Riglet,
  environment: Environment,
  source: Source,
): Readonly<Record<string, string>> => ({
  ...named(riglet),
  Environment: environment,
  Repo: source.repo,
  Branch: source.branch,
  App: appName(source),
  Foundation: stackName.foundation(riglet, environment),
  Jobs: stackName.jobs(riglet, source),
})

export const appTags = (riglet: Riglet, environment: Environment, source: Source): Record<string, string> => ({
  ...tagsOf(riglet, environment),
  App: appName(source),
})

/** What an app is to run, and the number of its rule on the load balancer (core/stack/place-rule.ts). */
export type RunAs = {
  readonly id: string
  readonly facts?: ImageFacts | undefined
  readonly commitTag: string
  readonly priority: number
}

/** `deployed`: parameters of the stack as it is; without facts of the image, what they say of it stays. */
export const wantedApp = (
  riglet: Riglet,
  environment: Environment,
  source: Source,
  template: string,
  { priority, ...image }: RunAs,
  settings: Settings,
  deployed: Readonly<Record<string, string>> = {},
): WantedStack => {
  const { tags } = image.facts ?? { tags: { Version: deployed['Version'], [image.commitTag]: deployed['Commit'] } }
  const own = {
    ...appParameters(riglet, environment, source),
    ListenerPriority: String(priority),
    ImageId: image.id,
    Version: tags['Version'] ?? 'unknown',
    Commit: tags[image.commitTag] ?? 'unknown',
  }
  return {
    name: stackName.app(riglet, environment, source),
    layer: 'app',
    file: templateFiles.app,
    template,
    ...parametersOf('app', own, settings),
    tags: appTags(riglet, environment, source),
    capabilities,
  }
}
