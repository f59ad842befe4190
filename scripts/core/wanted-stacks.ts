import { appName, listenerPriority, stackName, tagsOf, type Environment, type Riglet, type Source } from './names.ts'
import type { ImageFacts } from './image-facts.ts'
import { sourceKey } from './names.ts'
import type { Settings } from './settings.ts'
import { parameterDefaults } from './stack/parameter-defaults.ts'
import type { WantedStack } from './stack/wanted.ts'

export const templateFiles = {
  foundation: 'cloudformation/foundation.yaml',
  artifacts: 'cloudformation/artifacts.yaml',
  pipeline: 'cloudformation/pipeline.yaml',
  app: 'cloudformation/app-image.yaml',
} as const

const capabilities = ['CAPABILITY_NAMED_IAM'] as const

const named = ({ owner, project }: Riglet) => ({ Owner: owner, Project: project })

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
  parameters: {
    ...named(riglet),
    Environment: environment,
    CertificateArn: settings.CERTIFICATE_ARN ?? '',
    EmailAddress: settings.EMAIL_ADDRESS ?? '',
  },
  tags: tagsOf(riglet, environment),
  capabilities,
})

export const wantedArtifacts = (riglet: Riglet, template: string, settings: Settings): WantedStack => ({
  name: stackName.artifacts(riglet),
  layer: 'artifacts',
  file: templateFiles.artifacts,
  template,
  parameters: { ...named(riglet), EmailAddress: settings.EMAIL_ADDRESS ?? '' },
  tags: tagsOf(riglet),
  capabilities,
})

export const wantedPipeline = (riglet: Riglet, source: Source, template: string, image: string): WantedStack => ({
  name: stackName.pipeline(riglet, source),
  layer: 'pipeline',
  file: templateFiles.pipeline,
  template,
  parameters: {
    ...named(riglet),
    Repo: source.repo,
    Branch: source.branch,
    App: appName(source),
    Image: image,
    Artifacts: stackName.artifacts(riglet),
    BuildFoundation: stackName.foundation(riglet, 'integration'),
    SourceKey: sourceKey(source),
  },
  // The template sets no tags: these reach everything in the stack.
  tags: { ...tagsOf(riglet), Environment: 'shared' },
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
  App: appName(source),
  Foundation: stackName.foundation(riglet, environment),
  ListenerPriority: String(listenerPriority(appName(source))),
})

export const appTags = (riglet: Riglet, environment: Environment, source: Source): Record<string, string> => ({
  ...tagsOf(riglet, environment),
  App: appName(source),
})

/** Parameters that hold for one update alone. */
const ofOneUpdate: readonly string[] = ['Digest', 'RollOutAlarms']

/** `deployed`: parameters of the stack as it is, which stay as they are unless something here says otherwise. */
export const wantedApp = (
  riglet: Riglet,
  environment: Environment,
  source: Source,
  template: string,
  image: { readonly id: string; readonly facts?: ImageFacts | undefined; readonly commitTag: string },
  settings: Settings,
  deployed: Readonly<Record<string, string>> = {},
): WantedStack => {
  // A parameter that the template has no longer would be refused; one at its default says nothing.
  const defaults = parameterDefaults(template)
  const kept = Object.entries(deployed).filter(
    ([name, value]) => !ofOneUpdate.includes(name) && defaults.has(name) && defaults.get(name) !== value,
  )
  const { tags } = image.facts ?? { tags: { Version: deployed['Version'], [image.commitTag]: deployed['Commit'] } }
  return {
    name: stackName.app(riglet, environment, source),
    layer: 'app',
    file: templateFiles.app,
    template,
    parameters: {
      ...Object.fromEntries(kept),
      ...appParameters(riglet, environment, source),
      ImageId: image.id,
      Version: tags['Version'] ?? 'unknown',
      Commit: tags[image.commitTag] ?? 'unknown',
      ...(settings.HOST_NAME === undefined ? {} : { HostName: settings.HOST_NAME }),
      ...(settings.INSTANCE_TYPE === undefined ? {} : { InstanceType: settings.INSTANCE_TYPE }),
      // Said in any case: an update that says nothing must never inherit that alarms are ignored.
      ...(defaults.has('RollOutAlarms') ? { RollOutAlarms: settings.ROLL_OUT_ALARMS ?? 'watch' } : {}),
    },
    tags: appTags(riglet, environment, source),
    capabilities,
  }
}
