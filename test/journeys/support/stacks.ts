import { DescribeStacksCommand, UpdateStackCommand, waitUntilStackUpdateComplete } from '@aws-sdk/client-cloudformation'
import type { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'

/** A stack's status, `none` when there is no such stack. */
export async function statusOf(
  { cloudformation }: Pick<ReturnType<typeof clients>, 'cloudformation'>,
  StackName: string,
): Promise<string> {
  try {
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }))
    return Stacks[0]?.StackStatus ?? 'without a status'
  } catch (error) {
    if (error instanceof Error && /^Stack with id .* does not exist$/.test(error.message)) return 'none'
    throw error
  }
}

/** What a stack tells under a key; nothing where it has no such output. */
export async function outputOf(
  { cloudformation }: Pick<ReturnType<typeof clients>, 'cloudformation'>,
  StackName: string,
  key: string,
): Promise<string> {
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }))
  return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? ''
}

/** The place in the journal of the last call up to now. */
export const lastCall = async (rehearsal: Rehearsal): Promise<number> => (await rehearsal.journal()).at(-1)!.number

/** How often a stack was asked for an operation since a place in the journal. */
export async function callsFor(rehearsal: Rehearsal, operation: string, stack: string, since: number): Promise<number> {
  const calls = (await rehearsal.journal(since)).filter((entry) => entry.operation === operation)
  return calls.filter(({ resources }) => resources.some((arn) => arn.includes(`:stack/${stack}/`))).length
}

/** Changes one parameter of a stack as somebody would in the console, and waits until it is done. */
export async function setByHand(
  { cloudformation }: Pick<ReturnType<typeof clients>, 'cloudformation'>,
  StackName: string,
  key: string,
  value: string,
): Promise<void> {
  const { Stacks: [stack] = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }))
  const Parameters = (stack?.Parameters ?? []).map(({ ParameterKey }) =>
    ParameterKey === key
      ? { ParameterKey, ParameterValue: value }
      : { ParameterKey: ParameterKey!, UsePreviousValue: true },
  )
  const Capabilities = ['CAPABILITY_IAM' as const, 'CAPABILITY_NAMED_IAM' as const]
  await cloudformation.send(new UpdateStackCommand({ StackName, UsePreviousTemplate: true, Parameters, Capabilities }))
  const soon = { client: cloudformation, maxWaitTime: 120, minDelay: 1, maxDelay: 1 }
  await waitUntilStackUpdateComplete(soon, { StackName })
}
