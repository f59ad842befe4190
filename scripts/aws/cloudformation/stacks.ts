import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { cli, stackProtected } from '../../core/stack/errors.ts'
import type { Clock } from '../../core/ports/local/clock.ts'
import type { StackResource, Stacks } from '../../core/ports/stacks.ts'
import type { StackState } from '../../core/stack/state.ts'
import { carriesTags } from '../../core/tags.ts'
import { awsCliCommand } from '../client/aws-cli-command.ts'
import { makeChangeSets } from './change-sets.ts'
import { makeClient, type ClientOptions } from '../client/clients.ts'
import { awsMessage } from '../client/failures.ts'
import { listAll } from '../client/paged.ts'
import { requestToken } from '../client/request-token.ts'
import { makeRollbacks } from './rollbacks.ts'
import { readEvents } from './stack-events.ts'

const record = <Item>(
  items: readonly Item[] = [],
  key: (item: Item) => string | undefined,
  value: (item: Item) => string | undefined,
) => Object.fromEntries(items.map((item) => [key(item) ?? '', value(item) ?? '']))

const toState = (stack: Stack): StackState => ({
  name: stack.StackName ?? '',
  id: stack.StackId ?? '',
  status: stack.StackStatus ?? '',
  statusReason: stack.StackStatusReason,
  parameters: record(
    stack.Parameters,
    (item) => item.ParameterKey,
    (item) => item.ParameterValue,
  ),
  outputs: record(
    stack.Outputs,
    (item) => item.OutputKey,
    (item) => item.OutputValue,
  ),
  tags: record(
    stack.Tags,
    (item) => item.Key,
    (item) => item.Value,
  ),
  protected: stack.EnableTerminationProtection ?? false,
  changeSet: stack.ChangeSetId,
  role: stack.RoleARN,
  created: stack.CreationTime ?? new Date(0),
  updated: stack.LastUpdatedTime,
})

/** CloudFormation has no error code of its own for absence, only words.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
const isAbsent = (error: unknown): boolean => /does not exist/.test(awsMessage(error))

/** The only door to CloudFormation, together with change-sets.ts. */
export function makeStacks(
  options: ClientOptions,
  clock: Clock,
  client: Pick<CloudFormationClient, 'send'> = makeClient(CloudFormationClient, options),
): Stacks {
  const command = awsCliCommand(options)
  const find = async (name: string): Promise<StackState | undefined> => {
    try {
      const { Stacks: found = [] } = await client.send(new DescribeStacksCommand({ StackName: name }))
      return found[0] && toState(found[0])
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  const list = async (tags: Readonly<Record<string, string>>): Promise<StackState[]> => {
    const found = await listAll(
      (NextToken) => client.send(new DescribeStacksCommand({ NextToken })),
      (page) => page.Stacks,
    )
    return found.map(toState).filter((state) => carriesTags(state.tags, tags))
  }

  const resources = async (name: string): Promise<StackResource[]> => {
    const found = await listAll(
      (NextToken) => client.send(new ListStackResourcesCommand({ StackName: name, NextToken })),
      (page) => page.StackResourceSummaries,
    )
    return found.map((item) => ({
      logicalId: item.LogicalResourceId ?? '',
      physicalId: item.PhysicalResourceId ?? '',
      type: item.ResourceType ?? '',
      status: item.ResourceStatus ?? '',
    }))
  }

  const importers = async (exportName: string): Promise<string[]> => {
    try {
      return await listAll(
        (NextToken) => client.send(new ListImportsCommand({ ExportName: exportName, NextToken })),
        (page) => page.Imports,
      )
    } catch (error) {
      if (/is not imported by any stack|does not exist/.test(awsMessage(error))) return []
      throw error
    }
  }

  const remove: Stacks['remove'] = async (stackId, { retain = [] } = {}) => {
    const token = requestToken('delete', clock.now())
    try {
      await client.send(
        new DeleteStackCommand({
          StackName: stackId,
          ClientRequestToken: token,
          ...(retain.length > 0 ? { RetainResources: [...retain] } : {}),
        }),
      )
    } catch (error) {
      if (/TerminationProtection/.test(awsMessage(error)))
        throw stackProtected(stackId, await command(cli.endProtection(stackId)))
      throw error
    }
    return token
  }

  const guard =
    (EnableTerminationProtection: boolean) =>
    async (StackName: string, StackPolicyBody: string): Promise<void> => {
      await client.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }))
      await client.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }))
    }

  const events: Stacks['events'] = (stackId, beginning, after) => readEvents(client, stackId, beginning, after)

  return {
    find,
    list,
    events,
    resources,
    importers,
    remove,
    protect: guard(true),
    unprotect: guard(false),
    awsCliCommand: command,
    ...makeChangeSets(client, { find, clock }),
    ...makeRollbacks(client, clock),
  }
}
