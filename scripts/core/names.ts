import { createHash } from 'node:crypto'

/** A riglet is one owner's project; both words stand at the front of everything that it makes. */
export type Riglet = {
  readonly owner: string
  readonly project: string
  /** What it is called, where it has an older name than `rigletName` would give (core/kept-names.ts). */
  readonly name?: string | undefined
}

export const environments = ['integration', 'staging', 'production'] as const
export type Environment = (typeof environments)[number]
export const isEnvironment = (word: string | undefined): word is Environment =>
  environments.some((environment) => environment === word)

/** The kinds of stacks that there are (core/layers). */
export const layerNames = [
  'foundation',
  'artifacts',
  'jobs',
  'pipeline',
  'publication',
  'app',
  'group',
  'schedule',
] as const
export type LayerName = (typeof layerNames)[number]
export const isLayerName = (word: string): word is LayerName => layerNames.some((layer) => layer === word)

/** The tag of a stack that says which kind it is. */
export const layerTag = 'Layer'

/** One branch of one repository, deployed by one pipeline. `app`: its name, where that is an older one. */
export type Source = { readonly repo: string; readonly branch: string; readonly app?: string | undefined }

const hashOf = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

/** A word that the rest of a stack's name begins with. */
const following = new RegExp(
  `-(?=(?:artifacts|jobs|pipeline|publication|schedule|none|${environments.join('|')})(?:-|$))`,
  'g',
)

/**
 * OWNER-PROJECT, as long as neither has a hyphen of its own. Otherwise a-b and c would be called as a and b-c are, so a
 * hash of both follows, and where a later word could as well begin the rest of a stack's name, its hyphen goes: the first
 * such word ends the riglet's name. Two hyphens in a row would not do: CloudFormation makes names of target groups from
 * the beginning of a stack's, and these may not have them (decision 0013).
 */
export const rigletName = ({ owner, project, name }: Riglet): string => {
  if (name !== undefined) return name
  const both = `${owner}-${project}`
  return `${owner}${project}`.includes('-')
    ? `${both.replace(following, '')}-${hashOf(`${owner}/${project}`, 6)}`
    : both
}

const repoLimit = 24
const branchLimit = 20
const cutLimit = 16

const fits = (name: string, limit: number): boolean =>
  name.length <= limit && /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/.test(name)

const cut = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, cutLimit)
    .replace(/^-+|-+$/g, '')

/**
 * The name of an app in all its environments, at most 46 characters: REPO-BRANCH, as long as neither has a hyphen of its
 * own; REPO--BRANCH where one has; and where a stack's name cannot hold them as they are, what it can hold of each and a
 * hash of both. How often two hyphens stand in it tells the three apart, so no two branches share a name.
 */
export const appName = ({ repo, branch, app }: Source): string => {
  if (app !== undefined) return app
  if (!fits(repo, repoLimit) || !fits(branch, branchLimit))
    return `${cut(repo)}--${cut(branch)}--${hashOf(`${repo}/${branch}`, 10)}`
  return `${repo}${`${repo}${branch}`.includes('-') ? '--' : '-'}${branch}`
}

/** Stack names; CloudFormation allows letters, digits and hyphens, 128 of them.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export const stackName = {
  foundation: (riglet: Riglet, environment: Environment): string => `${rigletName(riglet)}-${environment}-foundation`,
  artifacts: (riglet: Riglet): string => `${rigletName(riglet)}-artifacts`,
  /** The builds of a pipeline, with their roles. */
  jobs: (riglet: Riglet, source: Source): string => `${rigletName(riglet)}-jobs-${appName(source)}`,
  /** Also the pipeline's own name, of which CodePipeline allows 100 characters. */
  pipeline: (riglet: Riglet, source: Source): string => `${rigletName(riglet)}-pipeline-${appName(source)}`,
  /** What publishes that pipeline's image; also the name of a pipeline. */
  publication: (riglet: Riglet, source: Source): string => `${rigletName(riglet)}-publication-${appName(source)}`,
  app: (riglet: Riglet, environment: Environment, source: Source): string =>
    `${rigletName(riglet)}-${environment}-app-${appName(source)}`,
  group: (riglet: Riglet, environment: Environment, name: string): string =>
    `${rigletName(riglet)}-${environment}-group-${name}`,
  /** Jobs that run at their times. */
  schedule: (riglet: Riglet, source: Source): string => `${rigletName(riglet)}-schedule-${appName(source)}`,
  /** No stack is ever called so, and the pipeline of the app may delete it. */
  none: (riglet: Riglet, source: Source): string => `${rigletName(riglet)}-none-app-${appName(source)}`,
} as const

/** SSM parameters of a riglet stand under this path. */
export const parameterPath = (riglet: Riglet, ...rest: readonly string[]): string =>
  ['', riglet.owner, riglet.project, ...rest].join('/')

/** Where it is kept that an app's pipeline is frozen before an environment: no machine of the app reads there. */
export const freezeName = (riglet: Riglet, environment: Environment, app: string): string =>
  parameterPath(riglet, 'freeze', environment, app)

/** Where it is kept that an app was taken back to an earlier image: no machine of the app reads there. */
export const rollbackName = (riglet: Riglet, environment: Environment, app: string): string =>
  parameterPath(riglet, 'rollback', environment, app)

/** Where a channel names an image, at each place where that is published: an id by architecture. */
export const channelPath = (riglet: Riglet, channel: string, image: string): string =>
  parameterPath(riglet, 'channel', channel, image)

/** Where the committed source of a branch lies in the source bucket. */
export const sourceKey = ({ repo, branch }: Source): string => `${repo}/${branch}/source.zip`

/** Metadata of that object: which commit it holds. */
export const sourceCommit = 'riglet-commit'

/** Tags of everything; images carry no Environment: one image serves all. */
export const tagsOf = (riglet: Riglet, environment?: Environment): Record<string, string> => ({
  Owner: riglet.owner,
  Project: riglet.project,
  ...(environment === undefined ? {} : { Environment: environment }),
})

/** Versions have characters that an AMI's name may not; `'` never stands in a version, so it can escape them.
 *  https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html */
const escapes: readonly (readonly [string, string])[] = [
  ['~', "'t"],
  ['+', "'p"],
  [':', "'c"],
  ['^', "'h"],
]

export const encodeVersion = (version: string): string =>
  escapes.reduce((text, [plain, coded]) => text.replaceAll(plain, coded), version)

export const decodeVersion = (coded: string): string =>
  escapes.reduce((text, [plain, code]) => text.replaceAll(code, plain), coded)

/** Time as it stands in names: 20260131T235959Z. */
export const nameTime = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, '')

/** AMI names tell candidates from published images; 128 characters at most. `inputs` is the whole inputs hash. */
export const imageName = {
  candidate: (riglet: Riglet, image: string, version: string, inputs: string, now: Date): string =>
    `${rigletName(riglet)}/candidate/${image}/${encodeVersion(version)}-${inputs.slice(0, 8)}-${nameTime(now)}`,
  published: (riglet: Riglet, image: string, version: string, inputs: string): string =>
    `${rigletName(riglet)}/${image}/${encodeVersion(version)}-${inputs.slice(0, 8)}`,
} as const

/** The version in a name that imageName gives; of any other name all of it. */
export const versionIn = (name: string): string => {
  const [, coded] = /\/([^/]+)-[0-9a-f]{8}(?:-\d{8}T\d{6}Z)?$/.exec(name) ?? []
  return coded === undefined ? name : decodeVersion(coded)
}

/** How many characters of a version, as encoded, the name of an image has room for. */
export const versionRoom = (riglet: Riglet, image: string): number =>
  128 - imageName.candidate(riglet, image, '', '0'.repeat(8), new Date(0)).length

/** The change set that an execution of a pipeline makes of production: the name tells whose it is. */
export const pipelineChangeSet = (execution: string): string => `pipeline-${execution}`

/** Where an approval packet lies in the artifact bucket: the same state may be planned by several executions. */
export const packetKey = (digest: string, execution: string): string => `packets/${execution}/${digest}.json`

/** Where a template lies in the artifact bucket that is too long for a request. */
export const templateKey = (digest: string, file: string): string =>
  `templates/${digest}${/\.[a-z]+$/.exec(file)?.[0] ?? ''}`

/** Where the plan lies in a publication's artifact bucket that people approve. */
export const publishPlanKey = (execution: string): string => `plans/${execution}/publish.txt`

/** Where an image's package list lies in the artifact bucket. */
export const packagesKey = (image: string): string => `packages/${image}.json`

/** Whether a stack's name is one that this riglet gives. Under older rules another one could give it, too. */
export const isStackNameOf = (riglet: Riglet, name: string): boolean =>
  [
    stackName.artifacts(riglet),
    ...environments.map((environment) => stackName.foundation(riglet, environment)),
  ].includes(name) ||
  [
    `${rigletName(riglet)}-jobs-`,
    `${rigletName(riglet)}-pipeline-`,
    `${rigletName(riglet)}-publication-`,
    `${rigletName(riglet)}-schedule-`,
    ...environments.flatMap((environment) =>
      ['app', 'group'].map((kind) => `${rigletName(riglet)}-${environment}-${kind}-`),
    ),
  ].some((start) => name.startsWith(start) && name.length > start.length)
