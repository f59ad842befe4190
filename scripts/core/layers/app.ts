import { shapes } from '../shapes.ts'
import { commitOf, type ImageFacts } from '../image/image-facts.ts'
import { appName, stackName, tagsOf } from '../names.ts'
import { owned, type Layer, type OfEnvironment, type OfSource } from './layer.ts'

/** What an app is to run, and the number of its rule on the load balancer (core/stack/place-rule.ts). */
export type RunAs = {
  readonly id: string
  readonly facts?: ImageFacts | undefined
  readonly commitTag: string
  readonly priority: number
  /** Parameters of the stack as it is; without facts of the image, what they say of it stays. */
  readonly deployed?: Readonly<Record<string, string>>
}

/** Who an app is, apart from its image. */
type OfApp = OfEnvironment & OfSource

/** One image on a group of machines behind an environment's load balancer. */
export const app = {
  layer: 'app',
  template: 'cloudformation/app-image.yaml',
  standsOn: { Foundation: 'foundation', Jobs: 'jobs' },
  // Its instances would all end at once. What a roll-out or a setting may replace is not among them: launch template,
  // target group, alarms.
  holdsState: ['Group'],
  stack: ({ riglet, environment, source }) => stackName.app(riglet, environment, source),
  title: () => 'app',
  // The pipeline and a deployment by hand say the same.
  parameters: ({ riglet, environment, source, run: { priority, deployed = {}, ...image } }) => {
    const made = image.facts && {
      ...image.facts.tags,
      Commit: commitOf(image.facts.tags, image.commitTag),
    }
    const { Version = 'unknown', Commit = 'unknown' }: Readonly<Record<string, string | undefined>> = made ?? deployed
    return {
      ...owned(riglet),
      Environment: environment,
      Repo: source.repo,
      Branch: source.branch,
      App: appName(source),
      Foundation: stackName.foundation(riglet, environment),
      Jobs: stackName.jobs(riglet, source),
      ListenerPriority: String(priority),
      ImageId: image.id,
      Version,
      Commit,
    }
  },
  defaults: ({ environment }) => shapes[environment].sizes,
  tags: ({ riglet, environment, source }) => ({ ...tagsOf(riglet, environment), App: appName(source) }),
  facts: ({ parameters, outputs }) => ({
    image: parameters['ImageId'],
    group: outputs['GroupName'],
    targetGroup: outputs['TargetGroupArn'],
    url: outputs['Url'],
  }),
} as const satisfies Layer<OfApp & { readonly run: RunAs }>
