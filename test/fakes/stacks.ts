import { changeSetGone, stackProtected } from '../../scripts/core/stack/errors.ts'
import type { Beginning, StackResource, Stacks } from '../../scripts/core/ports/stacks.ts'
import { digestOf } from '../../scripts/core/stack/decide/digest.ts'
import type { StackEvent } from '../../scripts/core/stack/events.ts'
import type { ResourceChange } from '../../scripts/core/stack/plan.ts'
import type { StackState } from '../../scripts/core/stack/state.ts'
import type { DesiredStack } from '../../scripts/core/stack/desired.ts'
import { makeStories } from './stack-stories.ts'

export const account = '123456789012'
export const idOf = (name: string): string => `arn:aws:cloudformation:eu-central-1:${account}:stack/${name}/1`

/** OWNER-PROJECT-staging-app-..., OWNER-PROJECT-pipeline-... and so on, of words without hyphens. */
const tagsIn = (name: string): Record<string, string> => {
  const [Owner = '', Project = '', third = '', fourth = ''] = name.split('-')
  const isEnvironment = ['integration', 'staging', 'production'].includes(third)
  const layer = isEnvironment ? fourth : third
  return {
    Owner,
    Project,
    ...(isEnvironment ? { Environment: third } : {}),
    ...(['foundation', 'artifacts', 'jobs', 'pipeline', 'publication', 'app', 'group'].includes(layer)
      ? { Layer: layer }
      : {}),
  }
}

/** What its name says, whose it is and of which layer, without more parameters than a test needs. */
export const stackState = (name: string, status = 'CREATE_COMPLETE', more: Partial<StackState> = {}): StackState => ({
  name,
  id: idOf(name),
  status,
  parameters: {},
  outputs: {},
  tags: tagsIn(name),
  protected: false,
  created: new Date('2026-01-31T12:00:00Z'),
  ...more,
})

/** A stack that is just as desired. */
export const deployed = (desired: DesiredStack, more: Partial<StackState> = {}): StackState =>
  stackState(desired.name, 'CREATE_COMPLETE', {
    parameters: { ...desired.parameters, Digest: digestOf(desired) },
    tags: desired.tags,
    outputs: desired.tags['Layer'] === 'artifacts' ? { ArtifactBucket: 'artifacts' } : {},
    ...more,
  })

const change = (logicalId: string, action: ResourceChange['action']): ResourceChange => ({
  logicalId,
  resourceType: 'AWS::SNS::Topic',
  action,
  replacement: 'no',
  properties: [],
})

export type FakeStacksOptions = {
  readonly states?: readonly StackState[]
  /** What a change set of a stack holds; none: CloudFormation finds nothing to do. */
  readonly changes?: Readonly<Record<string, readonly ResourceChange[]>>
  /** Why a stack's operation fails. */
  readonly failing?: Readonly<Record<string, string>>
  /** Runs before a change set is executed: somebody else's work. */
  readonly meanwhile?: (stacks: Map<string, StackState>) => void
  /** Stacks whose planning fails, and how. */
  readonly unplannable?: Readonly<Record<string, Error>>
  /** Exports, and who imports them. */
  readonly imports?: Readonly<Record<string, readonly string[]>>
  /** What a stack consists of, by its name or its id. */
  readonly resources?: Readonly<Record<string, readonly StackResource[]>>
  /** What a stack's last operation told, by its id: the story of how it came to be as it is. */
  readonly told?: Readonly<Record<string, readonly StackEvent[]>>
}

export type FakeStacks = Stacks & {
  readonly states: Map<string, StackState>
  /** By stack id. */
  readonly policies: Map<string, string>
  /** Change sets that were made, executed and discarded; ids of stacks that were removed. */
  readonly planned: string[]
  readonly executed: string[]
  readonly discarded: string[]
  readonly removed: string[]
  /** `NAME` of each roll-back that was asked for, or `NAME without A,B`; of each deletion that keeps something, too. */
  readonly rollbacks: string[]
  readonly kept: string[]
  /** Every call, by name. */
  readonly calls: string[]
}

/** CloudFormation with a memory: an operation goes on by one event a poll. */
export function fakeStacks(options: FakeStacksOptions = {}): FakeStacks {
  const states = new Map((options.states ?? []).map((state) => [state.name, state]))
  const sets = new Map<string, { desired: DesiredStack; base: StackState | undefined }>()
  const lists = Array.from({ length: 7 }, (): string[] => [])
  const [planned, executed, discarded, removed, calls, rollbacks, kept] = lists as [
    ...[string[], string[], string[], string[]],
    ...[string[], string[], string[]],
  ]
  const { stories, begin, rollBack } = makeStories(states, options.failing)

  const stateOf = (stackId: string): StackState => [...states.values()].find(({ id }) => id === stackId)!
  const policies = new Map<string, string>()
  const guard = (stackId: string, on: boolean): void => {
    const state = stateOf(stackId)
    states.set(state.name, { ...state, protected: on })
  }

  return {
    states,
    policies,
    planned,
    executed,
    discarded,
    removed,
    rollbacks,
    kept,
    calls,
    find: (name) => {
      calls.push(`find ${name}`)
      return Promise.resolve([...states.values()].find((state) => state.name === name || state.id === name))
    },
    list: (tags) => {
      calls.push('list')
      const has = (state: StackState): boolean =>
        Object.entries(tags).every(([key, value]) => state.tags[key] === value)
      return Promise.resolve([...states.values()].filter(has))
    },
    plan: (desired, state) => {
      calls.push(`plan ${desired.name}`)
      const problem = options.unplannable?.[desired.name]
      if (problem !== undefined) return Promise.reject(problem)
      const changes = options.changes?.[desired.name] ?? [change('Thing', state === undefined ? 'add' : 'modify')]
      if (changes.length === 0) return Promise.resolve({ type: 'unchanged', stack: desired.name })
      const changeSet = `${idOf(desired.name).replace(':stack/', ':changeSet/')}/${planned.length + 1}`
      planned.push(changeSet)
      // A first plan makes the empty stack, or takes one that an earlier first plan left.
      sets.set(changeSet, { desired, base: state === undefined ? undefined : states.get(desired.name) })
      if (state === undefined) states.set(desired.name, stackState(desired.name, 'REVIEW_IN_PROGRESS'))
      const operation = state === undefined ? 'create' : 'update'
      return Promise.resolve({
        type: 'changes',
        stack: desired.name,
        stackId: idOf(desired.name),
        operation,
        changeSet,
        changes,
      })
    },
    execute: (plan) => {
      calls.push(`execute ${plan.stack}`)
      const set = sets.get(plan.changeSet)
      options.meanwhile?.(states)
      if (set === undefined || (set.base !== undefined && states.get(plan.stack) !== set.base))
        return Promise.reject(changeSetGone(plan.stack))
      executed.push(plan.changeSet)
      const then = {
        ...deployed(set.desired),
        status: plan.operation === 'create' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
      }
      begin(plan.stack, plan.operation === 'create' ? 'CREATE' : 'UPDATE', plan.changeSet, then)
      return Promise.resolve(plan.changeSet)
    },
    discard: (plan) => {
      calls.push(`discard ${plan.stack}`)
      discarded.push(plan.changeSet)
      sets.delete(plan.changeSet)
      if (states.get(plan.stack)?.status === 'REVIEW_IN_PROGRESS') states.delete(plan.stack)
      return Promise.resolve()
    },
    protect: (stackId, policy) => {
      calls.push(`protect ${stackId}`)
      guard(stackId, true)
      policies.set(stackId, policy)
      return Promise.resolve()
    },
    unprotect: (stackId, policy) => {
      calls.push(`unprotect ${stackId}`)
      guard(stackId, false)
      policies.set(stackId, policy)
      return Promise.resolve()
    },
    continueRollback: (stackId, skip) => {
      const state = stateOf(stackId)
      rollbacks.push(skip.length === 0 ? state.name : `${state.name} without ${skip.join()}`)
      return Promise.resolve(rollBack(state))
    },
    rollBack: (stackId) => {
      const state = stateOf(stackId)
      rollbacks.push(state.name)
      return Promise.resolve(rollBack(state))
    },
    remove: (stackId, { retain = [] } = {}) => {
      calls.push(`remove ${stackId}`)
      const state = stateOf(stackId)
      if (state.protected) return Promise.reject(stackProtected(state.name, ''))
      removed.push(state.name)
      if (retain.length > 0) kept.push(`${state.name} without ${retain.join()}`)
      begin(state.name, 'DELETE', `delete-${state.name}`, undefined)
      return Promise.resolve(`delete-${state.name}`)
    },
    events: (stackId, beginning: Beginning, after) => {
      calls.push(`events ${stackId}`)
      const story = stories.get(stackId)
      if (story === undefined) return Promise.resolve([...(options.told?.[stackId] ?? [])])
      if (beginning.type !== 'latest' && story.events[0]!.token !== beginning.token) return Promise.resolve([])
      story.told += 1
      if (story.told === story.events.length) story.end()
      const told = story.events.slice(0, story.told)
      return Promise.resolve(told.slice(told.findIndex(({ id }) => id === after) + 1))
    },
    resources: (stack) => {
      const name = [...states.values()].find(({ id }) => id === stack)?.name ?? stack
      return Promise.resolve([...(options.resources?.[name] ?? [])])
    },
    awsCliCommand: (words) => Promise.resolve(`aws ${words} --region eu-central-1 --profile acme`),
    importers: (name) => Promise.resolve([...(options.imports?.[name] ?? [])]),
  }
}

/** An operation that somebody began earlier, for those who join it. */
export const underWay = (fake: FakeStacks, name: string): void => {
  void fake.remove(fake.states.get(name)!.id)
}
