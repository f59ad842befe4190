import { createHash } from 'node:crypto'

/** A riglet is one owner's project; both words stand at the front of everything that it makes. */
export type Riglet = { readonly owner: string; readonly project: string }

export const environments = ['integration', 'staging', 'production'] as const
export type Environment = (typeof environments)[number]

/** One branch of one repository, deployed by one pipeline. */
export type Source = { readonly repo: string; readonly branch: string }

export const rigletName = ({ owner, project }: Riglet): string => `${owner}-${project}`

/**
 * A name's every character that a stack may not have becomes a hyphen; what was changed or cut ends in a hash of the
 * whole, so that `feature/x` and `feature-x` stay two names.
 */
export function slug(name: string, limit: number): string {
  const plain = name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '')
  if (plain === name && name.length <= limit) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return `${plain.slice(0, limit - 7).replace(/-+$/, '')}-${hash}`
}

const repoLimit = 24
const branchLimit = 20

/** The name of an app in all its environments: REPO-BRANCH, at most 45 characters. */
export const appName = ({ repo, branch }: Source): string => `${slug(repo, repoLimit)}-${slug(branch, branchLimit)}`

/** Stack names; CloudFormation allows letters, digits and hyphens, 128 of them.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export const stackName = {
  foundation: (riglet: Riglet, environment: Environment): string => `${rigletName(riglet)}-${environment}-foundation`,
  artifacts: (riglet: Riglet): string => `${rigletName(riglet)}-artifacts`,
  /** Also the pipeline's own name, of which CodePipeline allows 100 characters. */
  pipeline: (riglet: Riglet, source: Source): string => `${rigletName(riglet)}-pipeline-${appName(source)}`,
  app: (riglet: Riglet, environment: Environment, source: Source): string =>
    `${rigletName(riglet)}-${environment}-app-${appName(source)}`,
} as const

/** SSM parameters of a riglet stand under this path. */
export const parameterPath = (riglet: Riglet, ...rest: readonly string[]): string =>
  ['', riglet.owner, riglet.project, ...rest].join('/')

/** Where the committed source of a branch lies in the source bucket. */
export const sourceKey = ({ repo, branch }: Source): string => `${repo}/${branch}/source.zip`

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

/** How many characters of a version, as encoded, the name of an image has room for. */
export const versionRoom = (riglet: Riglet, image: string): number =>
  128 - imageName.candidate(riglet, image, '', '0'.repeat(8), new Date(0)).length

/** Listener rules of a load balancer need priorities of their own: one of 1 to 49999, from the app's name.
 *  https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html */
export const listenerPriority = (app: string): number =>
  (createHash('sha256').update(app).digest().readUInt32BE(0) % 49_999) + 1

/** The change set that a pipeline makes of production. */
export const pipelineChangeSet = 'pipeline'

/** Where an approval packet lies in the artifact bucket. */
export const packetKey = (digest: string): string => `packets/${digest}.json`

/** Where an image's package list lies in the artifact bucket. */
export const packagesKey = (image: string): string => `packages/${image}.json`

/** Whether a stack's name is one that this riglet gives; another owner's project may begin with the same words. */
export const isStackNameOf = (riglet: Riglet, name: string): boolean =>
  name === stackName.artifacts(riglet) ||
  name.startsWith(`${rigletName(riglet)}-pipeline-`) ||
  environments.some((environment) =>
    [stackName.foundation(riglet, environment), `${rigletName(riglet)}-${environment}-app-`].some((start) =>
      start.endsWith('-') ? name.startsWith(start) : name === start,
    ),
  )
