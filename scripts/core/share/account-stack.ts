import type { Account, Desired, DesiredImage, DesiredShare } from '../manifest/desired-images.ts'
import { rigletName, type Riglet } from '../names.ts'

/** What another account has to deploy, once: a role that lets the riglet do there what images.yaml says, and nothing else. */
export type AccountStack = {
  readonly template: string
  readonly name: string
  readonly region: string
  readonly parameters: Readonly<Record<string, string>>
}

export type DesiredAccount = {
  /** As images.yaml calls it. */
  readonly name: string
  readonly account: Account
  /** What it is for; `named`: images are shared with it by its number alone, or it is not used yet. */
  readonly purpose: 'publishes' | 'consumes' | 'named'
  /** undefined: nothing has to be deployed there, or not all is said that it takes. */
  readonly stack?: AccountStack
  /** What images.yaml does not say yet. */
  readonly missing: readonly ('externalId' | 'trusted')[]
}

/** Who runs riglet, and where. */
export type Home = {
  readonly riglet: Riglet
  readonly account: string
  readonly region: string
  readonly caller: string
}

/** The accounts of images.yaml, each with the stack that it has to deploy. */
export function desiredAccounts(desired: Desired, home: Home): readonly DesiredAccount[] {
  const [images, shares] = [Object.values(desired.images), Object.values(desired.shares)]
  const trusted = trustedRoles(desired.trusted, home)
  return Object.entries(desired.accounts).map(([name, account]): DesiredAccount => {
    const publishes = images.some((image) => image.account === name) || shares.some(({ from }) => from === name)
    const receives = shares.filter((share) => share.with.includes(name))
    const purpose = publishes ? 'publishes' : receives.length > 0 ? 'consumes' : 'named'
    if (purpose === 'named') return { name, account, purpose, missing: [] }
    const missing = [
      ...(account.externalId === undefined ? ['externalId' as const] : []),
      ...(trusted.length === 0 ? ['trusted' as const] : []),
    ]
    if (missing.length > 0) return { name, account, purpose, missing }
    const owners = receives.map(({ from }) => (from === undefined ? home.account : desired.accounts[from]!.account))
    const uses = [
      ...images.filter((image) => image.account === name),
      ...receives,
      ...shares.filter(({ from }) => from === name),
    ]
    const regions = account.regions ?? sorted(uses.flatMap((use) => use.regions ?? regionsOfOwner(use, desired, home)))
    return { name, account, purpose, missing, stack: stackOf({ account, regions, owners }, purpose, trusted, home) }
  })
}

const sorted = (words: readonly string[]): readonly string[] => [...new Set(words)].sort()

/** Where a share's images are, if it does not say so itself. */
const regionsOfOwner = (
  use: DesiredImage | DesiredShare,
  { accounts }: Pick<Desired, 'accounts'>,
  home: Home,
): readonly string[] => {
  const owner = 'from' in use && use.from !== undefined ? accounts[use.from] : undefined
  return owner?.regions ?? [home.region]
}

type Needs = { readonly account: Account; readonly regions: readonly string[]; readonly owners: readonly string[] }

function stackOf(
  { account: { role = '', externalId = '' }, regions, owners }: Needs,
  purpose: 'publishes' | 'consumes',
  trusted: readonly string[],
  { riglet, account: home, region }: Home,
): AccountStack {
  const [path, roleName] = [role.slice(0, role.lastIndexOf('/') + 1), role.slice(role.lastIndexOf('/') + 1)]
  const kind = purpose === 'publishes' ? 'distribution' : 'consumer'
  return {
    template: `cloudformation/accounts/${kind}.yaml`,
    name: `${rigletName(riglet)}-${kind}`,
    region: regions[0] ?? region,
    parameters: {
      Owner: riglet.owner,
      Project: riglet.project,
      Riglet: rigletName(riglet),
      RigletAccount: home,
      RolePath: `/${path}`,
      RoleName: roleName,
      ExternalId: externalId,
      TrustedRoles: trusted.join(','),
      Regions: regions.join(','),
      ...(kind === 'consumer' ? { ImageOwners: sorted(owners).join(',') } : {}),
    },
  }
}

/**
 * The roles that are let in: those that images.yaml names, or who asks now. Of a session only the role's name is known, which has no path
 * unless IAM Identity Center made it. The root user can take no role anywhere.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 */
export function trustedRoles(named: readonly string[], { account, caller }: Pick<Home, 'account' | 'caller'>) {
  const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`
  if (named.length > 0) return named.map(role)
  const session = /:assumed-role\/([^/]+)\//.exec(caller)?.[1]
  if (session !== undefined)
    return [role(session.startsWith('AWSReservedSSO_') ? `aws-reserved/sso.amazonaws.com/*${session}` : session)]
  return /:user\//.test(caller) ? [caller] : []
}

const plain = /^[\w@%+=:,./-]+$/

/** As a person types it in the other account, with credentials of that account. */
export const deployCommand = ({ template, name, region, parameters }: AccountStack): string =>
  [
    'aws cloudformation deploy',
    `--template-file ${template}`,
    `--stack-name ${name}`,
    `--region ${region}`,
    '--capabilities CAPABILITY_NAMED_IAM',
    '--parameter-overrides',
    ...Object.entries(parameters).map(([key, value]) => {
      const word = `${key}=${value}`
      return plain.test(word) ? word : `'${word}'`
    }),
  ].join(' ')
