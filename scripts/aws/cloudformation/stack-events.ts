import {
  DescribeStackEventsCommand,
  type CloudFormationClient,
  type StackEvent as SdkEvent,
} from '@aws-sdk/client-cloudformation'
import type { Beginning } from '../../core/ports/stacks.ts'
import { begins, beginsRollback, type StackEvent } from '../../core/stack/events.ts'
import { pagesOf } from '../client/paged.ts'

const toEvent = (event: SdkEvent): StackEvent => ({
  id: event.EventId ?? '',
  time: event.Timestamp ?? new Date(0),
  logicalId: event.LogicalResourceId ?? '',
  physicalId: event.PhysicalResourceId,
  resourceType: event.ResourceType ?? '',
  status: event.ResourceStatus ?? '',
  reason: event.ResourceStatusReason,
  token: event.ClientRequestToken,
})

/**
 * Events of one operation, oldest first. CloudFormation tells them newest first: reading ends where the operation
 * began, or where the last reading ended, however long the stack's story is.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
 */
export async function readEvents(
  client: Pick<CloudFormationClient, 'send'>,
  stackId: string,
  beginning: Beginning,
  after?: string,
): Promise<StackEvent[]> {
  const found: StackEvent[] = []
  const ask = (NextToken: string | undefined) =>
    client.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken }))
  for await (const { StackEvents: events = [] } of pagesOf(ask))
    for (const event of events.map(toEvent)) {
      if (event.id === after) return found.reverse()
      found.push(event)
      if (beginning.type === 'rollback' && beginsRollback(event, stackId, beginning.token)) return found.reverse()
      if (!begins(event, stackId)) continue
      const ours = beginning.type === 'latest' || (beginning.type === 'token' && event.token === beginning.token)
      return ours ? found.reverse() : []
    }
  return after === undefined ? [] : found.reverse()
}
