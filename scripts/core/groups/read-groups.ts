import type { NameRule } from '../name-rules.ts'
import { environments } from '../names.ts'
import { isLast, shapes } from '../shapes.ts'
import type { Fault, Path } from '../yaml/places.ts'
import { readDocument, type Kind, type Places } from '../yaml/read-document.ts'
import { groupsFile, isCommit, type GroupRepository, type Group, type GroupAccount, type Groups } from './groups.ts'
import { groupsSchema } from './groups-schema.ts'
import { manifestRules as rules } from '../manifest/rules.ts'

type SaidGroup = Pick<Group, 'environment' | 'subnets' | 'securityGroups'> &
  Partial<Omit<Group, 'repo' | 'tags'>> & {
    readonly repo: Pick<GroupRepository, 'url' | 'ref'> & Partial<GroupRepository>
    readonly tags?: Readonly<Record<string, string>> | null
  }
type Content = {
  readonly accounts?: Readonly<Record<string, GroupAccount>> | null
  readonly groups?: Readonly<Record<string, SaidGroup>> | null
}

/**
 * What groups.yaml says, defaults filled in. It loads a parser and a validator: import it where there is such a file.
 * @throws RigletError FILE with every fault, each with line, column and path
 */
export function readGroups(text: string): Groups {
  const { accounts, groups } = readDocument<Content>(text, kind) ?? {}
  return {
    accounts: accounts ?? {},
    groups: Object.fromEntries(Object.entries(groups ?? {}).map(([name, said]) => [name, filled(name, said)])),
  }
}

const filled = (name: string, said: SaidGroup): Group => {
  const { InstanceType, MinSize, MaxSize } = shapes[said.environment].sizes
  return {
    instanceType: InstanceType,
    minSize: Number(MinSize),
    maxSize: Number(MaxSize),
    targetGroups: [],
    warmup: 120,
    ...said,
    name,
    repo: { tagName: 'Commit', ...said.repo },
    tags: said.tags ?? {},
  }
}

const ofGroup: Readonly<Record<string, NameRule>> = {
  environment: { pattern: /./, words: environments.join(', ') },
  account: rules.accountName,
  region: rules.region,
  tags: rules.tagValue,
  instanceType: rules.instanceType,
  minSize: rules.size,
  maxSize: rules.size,
  subnets: rules.subnet,
  securityGroups: rules.securityGroup,
  instanceProfile: rules.instanceProfile,
  targetGroups: rules.targetGroup,
  warmup: rules.seconds,
}
const ofAccount: Readonly<Record<string, NameRule>> = {
  account: rules.accountId,
  role: rules.role,
  externalId: rules.externalId,
  regions: rules.region,
}
const ofBuild: Readonly<Record<string, NameRule>> = {
  pipeline: rules.pipeline,
  account: rules.accountName,
  region: rules.region,
}
const ofRepo: Readonly<Record<string, NameRule>> = {
  url: rules.repositoryUrl,
  ref: rules.ref,
  tagName: rules.commitTag,
}
/** Those that hold others: a rule is of what stands in them. */
const holders = new Set(['regions', 'subnets', 'securityGroups', 'targetGroups', 'tags'])

function valueRule([section, , key, ...below]: Path): NameRule | undefined {
  if (key === undefined) return undefined
  if (key === 'repo' || key === 'build')
    return below[0] === undefined ? undefined : (key === 'repo' ? ofRepo : ofBuild)[below[0]]
  return holders.has(key) && below.length === 0 ? undefined : (section === 'accounts' ? ofAccount : ofGroup)[key]
}

const kind: Kind<Content> = {
  file: groupsFile,
  code: 'FILE',
  schema: groupsSchema,
  valueRule,
  nameRule: ([section, , key]) =>
    key === 'tags' ? rules.filter : section === 'accounts' ? rules.accountName : rules.group,
  title: (path) => path.slice(1).join('.') || path.join('.'),
  apart: ({ accounts, groups }, places) =>
    Object.entries(groups ?? {}).flatMap(([name, said]) =>
      groupFaults(filled(name, said), said, accounts ?? {}, places),
    ),
  remedy: 'docs/groups.schema.json tells editors what may stand there; docs/following.md has an example.',
}

/** What no schema can say of one group. */
function groupFaults(
  group: Group,
  said: SaidGroup,
  accounts: Readonly<Record<string, GroupAccount>>,
  places: Places,
): Fault[] {
  const faults: Fault[] = []
  const fault = (below: readonly string[], what: string): void => {
    const at = places(['groups', group.name, ...below], 'value')
    faults.push({ at, what: `${[group.name, ...below].join('.')}: ${what}` })
  }
  const inAccount = ({ account, region }: Pick<Group, 'account' | 'region'>, ...below: readonly string[]): void => {
    const there = account === undefined ? undefined : accounts[account]
    if (account !== undefined && there === undefined) {
      const known = Object.keys(accounts).join(', ') || 'it is empty'
      fault([...below, 'account'], `there is no account ${account} below accounts: ${known}`)
    }
    if (region !== undefined && there?.regions?.includes(region) === false)
      fault([...below, 'region'], `${region} is none of ${account}'s regions: ${there.regions.join(', ')}`)
  }
  const { repo, minSize, maxSize, tags } = group
  inAccount(group)
  if (group.build !== undefined) inAccount(group.build, 'build')
  if (minSize > maxSize)
    fault([said.minSize === undefined ? 'maxSize' : 'minSize'], `fewest instances ${minSize}, and most ${maxSize}`)
  if (repo.tagName in tags) fault(['tags', repo.tagName], 'this tag holds the commit, so it cannot be another one')
  if (isLast(group.environment) && !isCommit(repo.ref))
    fault(
      ['repo', 'ref'],
      `${repo.ref} moves without anybody's approval; in ${group.environment} say a commit by all its digits, whose change is a change of this file`,
    )
  return faults
}
