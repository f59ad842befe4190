import {
  DescribeChangeSetCommand,
  type CloudFormationClient,
  type ResourceChange as SdkChange,
  type ResourceChangeDetail,
} from '@aws-sdk/client-cloudformation'
import type { PropertyChange, ResourceChange } from '../../core/stack/plan.ts'
import { pagesOf } from '../client/paged.ts'

const actions = {
  Add: 'add',
  Modify: 'modify',
  Remove: 'remove',
  Import: 'import',
  Dynamic: 'conditional',
} as const satisfies Record<string, ResourceChange['action']>

const tristate = { True: 'yes', Always: 'yes', Conditional: 'conditional', Conditionally: 'conditional' } as const

const deletionPolicies = {
  Delete: 'delete',
  Retain: 'retain',
  Snapshot: 'snapshot',
  ReplaceAndDelete: 'delete',
  ReplaceAndRetain: 'retain',
  ReplaceAndSnapshot: 'snapshot',
} as const

const lookUp = <Value>(table: Readonly<Record<string, Value>>, key: string | undefined): Value | undefined =>
  key === undefined ? undefined : table[key]

function toProperty({ Target: target = {}, CausingEntity }: ResourceChangeDetail): PropertyChange {
  const path =
    target.Path?.replace(/^\/+/, '')
      .replace(/^Properties\//, '')
      .replaceAll('/', '.') ??
    target.Name ??
    target.Attribute ??
    ''
  return {
    path,
    before: target.BeforeValue,
    after: target.AfterValue,
    replaces: lookUp<'yes' | 'conditional'>(tristate, target.RequiresRecreation) ?? 'no',
    cause: CausingEntity,
  }
}

/** One property may be listed several times, once for each thing that moves it: the line that knows most is kept. */
function merge(properties: readonly PropertyChange[]): PropertyChange[] {
  const byPath = new Map<string, PropertyChange>()
  const weight = { no: 0, conditional: 1, yes: 2 }
  for (const property of properties) {
    const known = byPath.get(property.path)
    if (known === undefined) byPath.set(property.path, property)
    else
      byPath.set(property.path, {
        path: property.path,
        before: known.before ?? property.before,
        after: known.after ?? property.after,
        replaces: weight[known.replaces] >= weight[property.replaces] ? known.replaces : property.replaces,
        cause: known.cause ?? property.cause,
      })
  }
  return [...byPath.values()]
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html */
export const toChange = (change: SdkChange): ResourceChange => ({
  logicalId: change.LogicalResourceId ?? '',
  physicalId: change.PhysicalResourceId,
  resourceType: change.ResourceType ?? '',
  action: lookUp(actions, change.Action) ?? 'conditional',
  replacement: lookUp<'yes' | 'conditional'>(tristate, change.Replacement) ?? 'no',
  deletionPolicy: lookUp(deletionPolicies, change.PolicyAction),
  properties: merge((change.Details ?? []).map(toProperty)),
})

/** A change set as CloudFormation answers it, with all its changes. */
export type ChangeSetAnswer = {
  readonly id: string
  readonly stackId: string
  readonly status: string
  readonly reason: string
  readonly executable: boolean
  readonly execution: string
  readonly parameters: Readonly<Record<string, string>>
  readonly changes: readonly ResourceChange[]
}

/** Reads every page: the first one alone may hide a replacement. */
export async function readChanges(
  client: Pick<CloudFormationClient, 'send'>,
  stack: string,
  name: string,
): Promise<ChangeSetAnswer> {
  const asked = { StackName: stack, ChangeSetName: name, IncludePropertyValues: true }
  const pages = await Array.fromAsync(
    pagesOf((NextToken) => client.send(new DescribeChangeSetCommand({ ...asked, NextToken }))),
  )
  const first = pages[0]!
  const changes = pages.flatMap(({ Changes = [] }) => Changes)
  return {
    id: first.ChangeSetId ?? '',
    stackId: first.StackId ?? '',
    status: first.Status ?? '',
    reason: first.StatusReason ?? '',
    executable: first.ExecutionStatus === 'AVAILABLE',
    execution: first.ExecutionStatus ?? '',
    parameters: Object.fromEntries(
      (first.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
    changes: changes.flatMap(({ ResourceChange: change }) => (change ? [toChange(change)] : [])),
  }
}
