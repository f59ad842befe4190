import { stackName, tagsOf, type Environment, type Riglet } from '../names.ts'
import type { Group } from '../groups/groups.ts'
import { owned, type Layer } from './layer.ts'

/** Which image a group is to run, and of which commit. */
export type GroupRuns = { readonly image: string; readonly commit: string }

type OfGroup = {
  readonly riglet: Riglet
  readonly environment: Environment
  readonly group: Group
  readonly runs: GroupRuns
}

/** An Auto Scaling group that follows a repository, in whatever account and region it is. */
export const group = {
  layer: 'group',
  template: 'cloudformation/group.yaml',
  standsOn: {},
  // Its instances would all end at once.
  holdsState: ['Group'],
  stack: ({ riglet, environment, group: { name } }) => stackName.group(riglet, environment, name),
  title: ({ group: { name } }) => name,
  // All of groups.yaml, every time: what is left out there has its default, whatever the stack had before.
  parameters: ({ riglet, environment, group: said, runs }) => ({
    ...owned(riglet),
    Environment: environment,
    GroupName: said.name,
    Repository: said.repo.url,
    Ref: said.repo.ref,
    Commit: runs.commit,
    ImageId: runs.image,
    InstanceType: said.instanceType,
    MinSize: String(said.minSize),
    MaxSize: String(said.maxSize),
    Warmup: String(said.warmup),
    Subnets: said.subnets.join(','),
    SecurityGroups: said.securityGroups.join(','),
    InstanceProfile: said.instanceProfile ?? '',
    TargetGroups: said.targetGroups.join(','),
  }),
  tags: ({ riglet, environment, group: { name } }) => ({ ...tagsOf(riglet, environment), GroupName: name }),
  facts: ({ parameters, outputs }) => ({
    image: parameters['ImageId'],
    commit: parameters['Commit'],
    group: outputs['GroupName'],
  }),
} as const satisfies Layer<OfGroup>
