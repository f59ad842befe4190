import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation'
import {
  changeSetFailed,
  changeSetGone,
  missingExport,
  stackBusy,
  templateFault,
  waitTooLong,
} from '../core/catalogue/stacks.ts'
import { isRigletError } from '../core/errors.ts'
import { nameTime } from '../core/names.ts'
import type { Clock, PlannedChanges, Stacks } from '../core/ports.ts'
import { digestOf } from '../core/stack/digest.ts'
import { placeOf } from '../core/stack/template.ts'
import type { StackPlan } from '../core/stack/plan.ts'
import type { WantedStack } from '../core/stack/wanted.ts'
import { readChanges, type ChangeSetAnswer } from './changes.ts'
import { awsCode, awsMessage } from './failures.ts'
import { readValidation, type ValidationFault } from './validation.ts'

type Context = { readonly find: Stacks['find']; readonly clock: Clock }

const planMinutes = 5

/** CloudFormation reports "nothing to do" as a failed change set; only the reason's text tells it from a real failure.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html */
const isEmpty = (reason = ''): boolean => /didn't contain changes|No updates are to be performed/.test(reason)

export const tokenOf = (changeSet: string): string => changeSet.split('/')[1] ?? changeSet

/** Each fault with the line on which its resource begins. */
function describeFaults({ file, template }: WantedStack, faults: readonly ValidationFault[]): [string, string] {
  const lines = faults.map(({ logicalId, path, words }) => {
    const line = placeOf(template, `[${logicalId}]`)
    return `${file}${line === undefined ? '' : `:${line}`}: ${logicalId}${path === '' ? '' : ` ${path}`}: ${words}`
  })
  return [
    file,
    `CloudFormation found ${lines.length === 1 ? 'a fault' : `${lines.length} faults`} in it.\n${lines.join('\n')}`,
  ]
}

export function makeChangeSets(
  client: Pick<CloudFormationClient, 'send'>,
  { find, clock }: Context,
): Pick<Stacks, 'plan' | 'execute' | 'discard'> {
  /** A reply that was lost is asked for again under the same name and token: still one change set. */
  const request = async (wanted: WantedStack, name: string, operation: 'create' | 'update'): Promise<void> => {
    const parameters = { ...wanted.parameters, Digest: digestOf(wanted) }
    try {
      await client.send(
        new CreateChangeSetCommand({
          StackName: wanted.name,
          ChangeSetName: name,
          ClientToken: name,
          ChangeSetType: operation === 'create' ? 'CREATE' : 'UPDATE',
          TemplateBody: wanted.template,
          Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
          Tags: Object.entries(wanted.tags).map(([Key, Value]) => ({ Key, Value })),
          Capabilities: [...wanted.capabilities],
        }),
      )
    } catch (error) {
      if (awsCode(error) === 'AlreadyExistsException') return
      const words = awsMessage(error)
      if (/_IN_PROGRESS state/.test(words))
        throw stackBusy(wanted.name, /[A-Z_]+_IN_PROGRESS/.exec(words)![0], 'make status')
      if (isRigletError(error, 'AWS_REFUSED')) {
        const line = placeOf(wanted.template, words)
        throw templateFault(line === undefined ? wanted.file : `${wanted.file}:${line}`, words, error)
      }
      throw error
    }
  }

  const settled = async (stack: string, name: string): Promise<ChangeSetAnswer> => {
    const deadline = clock.now().getTime() + planMinutes * 60_000
    for (let pause = 200; ; pause = Math.min(pause * 1.5, 5_000)) {
      const answer = await readChanges(client, stack, name)
      if (answer.status === 'CREATE_COMPLETE' || answer.status === 'FAILED') return answer
      if (clock.now().getTime() > deadline) throw waitTooLong(`The change set of ${stack}`, planMinutes, 'make status')
      await clock.sleep(pause)
    }
  }

  const plan: Stacks['plan'] = async (wanted, state): Promise<StackPlan> => {
    const operation = state === undefined || state.status === 'REVIEW_IN_PROGRESS' ? 'create' : 'update'
    const name = `riglet-${digestOf(wanted).slice(0, 12)}-${nameTime(clock.now())}`
    await request(wanted, name, operation)
    const answer = await settled(wanted.name, name)
    const planned: PlannedChanges = {
      type: 'changes',
      stack: wanted.name,
      stackId: answer.stackId,
      operation,
      changeSet: answer.id,
      changes: answer.changes,
    }
    if (answer.status === 'CREATE_COMPLETE') return planned
    const reason = answer.reason || 'it gives no reason'
    const faults = /EarlyValidation/.test(reason) ? await readValidation(client, answer.id) : []
    await discard(planned)
    if (isEmpty(reason)) return { type: 'unchanged', stack: wanted.name }
    if (faults.length > 0) throw templateFault(...describeFaults(wanted, faults))
    throw /No export named/.test(reason) ? missingExport(wanted.name, reason) : changeSetFailed(wanted.name, reason)
  }

  /** A lost reply may leave the set executed already: then that was us, for nobody else knows its name. */
  const execute: Stacks['execute'] = async ({ stack, stackId, changeSet }) => {
    const token = tokenOf(changeSet)
    try {
      await client.send(
        new ExecuteChangeSetCommand({ StackName: stackId, ChangeSetName: changeSet, ClientRequestToken: token }),
      )
    } catch (error) {
      if (!/^(?:InvalidChangeSetStatus|ChangeSetNotFound)(?:Exception)?$/.test(awsCode(error) ?? '')) throw error
      const now = await readChanges(client, stackId, changeSet).catch(() => undefined)
      if (!/^EXECUTE_(?:IN_PROGRESS|COMPLETE|FAILED)$/.test(now?.execution ?? '')) throw changeSetGone(stack, error)
    }
    return token
  }

  /** Deleting a first change set leaves its stack behind, empty, in REVIEW_IN_PROGRESS; somebody else's set keeps it. */
  const discard: Stacks['discard'] = async ({ stack, stackId, changeSet, operation }) => {
    await client.send(new DeleteChangeSetCommand({ ChangeSetName: changeSet }))
    if (operation !== 'create' || (await find(stackId))?.status !== 'REVIEW_IN_PROGRESS') return
    const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName: stack }))
    if (Summaries.some((other) => other.ChangeSetId !== changeSet)) return
    await client.send(new DeleteStackCommand({ StackName: stackId, ClientRequestToken: tokenOf(changeSet) }))
    for (let tries = 0; tries < 20 && (await find(stack)) !== undefined; tries += 1) await clock.sleep(500)
  }

  return { plan, execute, discard }
}
