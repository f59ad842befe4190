import { demoFolder } from '../source.ts'

/** Where images go in this demo: one account that publishes, two that run them; which region's first copy fails. */
export const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-south-1', 'sa-east-1'] as const
export const failing = 'sa-east-1'

export const riglet = { OWNER: 'demo', PROJECT: 'shop', REGION: 'us-east-1' } as const
export const externalId = 'demo-shop'
/** The branch that the groups follow. */
export const followed = 'release'
export const channel = 'stable'
/** The consumer's repository, beside the demo's own. */
export const consumerRepository = `${demoFolder}/infrastructure.git`

/** Accounts beside the riglet's own. */
export const accountNames = ['distribution', 'stage', 'live'] as const
export type AccountName = (typeof accountNames)[number]
export type Accounts = Readonly<Record<AccountName, string>>

/** The groups that follow, each in an account of its own. */
export const consumers = [
  { account: 'stage', region: 'us-east-1', group: 'web', environment: 'staging' },
  { account: 'live', region: 'eu-west-1', group: 'web-live', environment: 'production' },
] as const satisfies readonly {
  readonly account: AccountName
  readonly region: (typeof regions)[number]
  readonly group: string
  readonly environment: string
}[]
export type Consumer = (typeof consumers)[number]

/** What an account has for instances that answer from outside. */
export type Network = { readonly subnet: string; readonly group: string }

/** manifests/images.yaml. Images are not encrypted: then no account has to be let in to a key. */
export const imagesYaml = (accounts: Accounts, repository: string): string => `accounts:
  distribution: # publishes, in six regions
    account: "${accounts.distribution}"
    role: riglet/distribution
    externalId: ${externalId}
    regions: [${regions.join(', ')}]
${consumers
  .map(
    ({ account, region }) => `  ${account}: # gets images, and runs them
    account: "${accounts[account]}"
    role: riglet/consumer
    externalId: ${externalId}
    regions: [${region}]
`,
  )
  .join('')}
trusted: [publisher]

images:
  web: { account: distribution, encryption: false, shareWith: [stage, live] }
  runner: { account: distribution, encryption: false, shareWith: [stage] }

share: # tags, in the accounts that get them: groups find images by these
  web: { from: distribution, match: { name: ^demo-shop/web/ }, with: [stage, live] }

consumer: { repository: ${repository}, host: git }
`

/** manifests/groups.yaml: staging follows the branch, production is pinned to a commit. */
export const groupsYaml = (
  accounts: Accounts,
  networks: Readonly<Record<Consumer['account'], Network>>,
  repository: string,
  commit: string,
): string => `accounts:
${consumers
  .map(
    ({ account }) =>
      `  ${account}: { account: "${accounts[account]}", role: riglet/follow, externalId: ${externalId} }\n`,
  )
  .join('')}
groups:
${consumers
  .map(
    ({ account, region, group, environment }) => `  ${group}:
    environment: ${environment}
    account: ${account}
    region: ${region}
    repo:
      url: file://${repository}
      ref: ${environment === 'production' ? commit : followed}
    tags: { Image: web }
    instanceType: t3.micro
    minSize: 1
    maxSize: 2
    warmup: 0
    subnets: [${networks[account].subnet}]
    securityGroups: [${networks[account].group}]
`,
  )
  .join('')}`
