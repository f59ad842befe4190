import {
  DeleteChangeSetCommand,
  DeleteStackCommand,
  ListChangeSetsCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation'
import type { Clock } from '../../core/ports/local/clock.ts'
import type { PlannedChanges, Stacks } from '../../core/ports/stacks.ts'
import { isAbandoned } from '../../core/stack/change-set-name.ts'
import { awsCode, awsMessage } from '../client/failures.ts'
import { listAll } from '../client/paged.ts'

/** A change set by its ARN, or by its name as long as nothing more is known of it. */
export type Discarded = Pick<PlannedChanges, 'stack' | 'changeSet' | 'operation'> & { readonly stackId?: string }

export type DiscardContext = {
  readonly find: Stacks['find']
  readonly clock: Pick<Clock, 'now'>
  /** Milliseconds; Ctrl-C does not cut it short, for it is what Ctrl-C asks for. */
  readonly rest: (milliseconds: number) => Promise<void>
}

export const tokenOf = (changeSet: string): string => changeSet.split('/')[1] ?? changeSet

const pause = 500
const patience = 40

/**
 * Removes a change set, and the empty stack in REVIEW_IN_PROGRESS that a first one leaves; somebody else's set keeps
 * that. The stack's other sets are listed for it anyway, so here go, too, those of runs that were killed. Nowhere else:
 * one that is executed takes all others along, and on a stack that exists they harm nobody until then.
 */
export function makeDiscard(
  client: Pick<CloudFormationClient, 'send'>,
  { find, clock, rest }: DiscardContext,
): (set: Discarded) => Promise<void> {
  /** CloudFormation refuses to delete one that it is still making; one that is not there counts as deleted.
   *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html */
  const remove = async (stack: string, changeSet: string): Promise<void> => {
    const named = changeSet.startsWith('arn:') ? {} : { StackName: stack }
    for (let tries = 1; ; tries += 1) {
      try {
        await client.send(new DeleteChangeSetCommand({ ...named, ChangeSetName: changeSet }))
        return
      } catch (error) {
        if (/does not exist/.test(awsMessage(error))) return
        if (!/^InvalidChangeSetStatus/.test(awsCode(error) ?? '') || tries === patience) throw error
        await rest(pause)
      }
    }
  }

  return async ({ stack, stackId = stack, changeSet, operation }) => {
    await remove(stack, changeSet)
    const state = operation === 'create' ? await find(stackId) : undefined
    if (state?.status !== 'REVIEW_IN_PROGRESS') return
    const sets = await listAll(
      (NextToken) => client.send(new ListChangeSetsCommand({ StackName: state.id, NextToken })),
      (page) => page.Summaries,
    )
    let inUse = false
    for (const { ChangeSetId = '', ChangeSetName = '', ExecutionStatus } of sets) {
      if ([ChangeSetId, ChangeSetName].includes(changeSet)) continue
      const abandoned = isAbandoned(ChangeSetName, clock.now()) && ExecutionStatus !== 'EXECUTE_IN_PROGRESS'
      if (abandoned) await remove(stack, ChangeSetId)
      else inUse = true
    }
    if (inUse) return
    await client.send(new DeleteStackCommand({ StackName: state.id, ClientRequestToken: tokenOf(changeSet) }))
    for (let tries = 0; tries < patience && (await find(stack)) !== undefined; tries += 1) await rest(pause)
  }
}
