import { setTimeout as wait } from 'node:timers/promises'
import {
  CreateChangeSetCommand,
  ExecuteChangeSetCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation'
import {
  changeSetFailed,
  changeSetGone,
  missingExport,
  planStays,
  stackBusy,
  templateFault,
  waitTooLong,
} from '../../core/stack/errors.ts'
import { isRigletError } from '../../core/errors.ts'
import type { Clock } from '../../core/ports/local/clock.ts'
import type { PlannedChanges, Stacks } from '../../core/ports/stacks.ts'
import { changeSetName } from '../../core/stack/change-set-name.ts'
import { digestOf } from '../../core/stack/decide/digest.ts'
import { keptDigest } from '../../core/stack/decide/kept-digest.ts'
import type { StackPlan } from '../../core/stack/plan.ts'
import { hidden, type DesiredStack } from '../../core/stack/desired.ts'
import { until } from '../../core/until.ts'
import { readChanges, type ChangeSetAnswer } from './changes.ts'
import { makeDiscard, tokenOf, type Discarded, type DiscardContext } from './discard.ts'
import { awsCode, awsMessage } from '../client/failures.ts'
import { describeFaults, inFile, readValidation } from './validation.ts'

type Context = { readonly find: Stacks['find']; readonly clock: Clock; readonly rest?: DiscardContext['rest'] }

const planMinutes = 5

/** CloudFormation reports "nothing to do" as a failed change set; only the reason's text tells it from a real failure.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html */
const isEmpty = (reason = ''): boolean => /didn't contain changes|No updates are to be performed/.test(reason)

export function makeChangeSets(
  client: Pick<CloudFormationClient, 'send'>,
  { find, clock, rest = wait }: Context,
): Pick<Stacks, 'plan' | 'execute' | 'discard'> {
  const discard = makeDiscard(client, { find, clock, rest })

  /** A reply that was lost is asked for again under the same name and token: still one change set. */
  const request = async (
    desired: DesiredStack,
    name: string,
    operation: 'create' | 'update',
    templateUrl: string | undefined,
  ): Promise<void> => {
    const parameters = { ...desired.parameters, Digest: await keptDigest(desired) }
    try {
      await client.send(
        new CreateChangeSetCommand({
          StackName: desired.name,
          ChangeSetName: name,
          ClientToken: name,
          ChangeSetType: operation === 'create' ? 'CREATE' : 'UPDATE',
          ...(templateUrl === undefined ? { TemplateBody: desired.template } : { TemplateURL: templateUrl }),
          Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ...(ParameterValue === hidden ? { UsePreviousValue: true } : { ParameterValue }),
          })),
          Tags: Object.entries(desired.tags).map(([Key, Value]) => ({ Key, Value })),
          Capabilities: [...desired.capabilities],
        }),
      )
    } catch (error) {
      if (awsCode(error) === 'AlreadyExistsException') return
      const words = awsMessage(error)
      if (/_IN_PROGRESS state/.test(words))
        throw stackBusy(desired.name, /[A-Z_]+_IN_PROGRESS/.exec(words)![0], 'make status')
      if (isRigletError(error, 'AWS_REFUSED')) {
        const { readTemplate } = await import('../../core/stack/template/read-template.ts')
        const place = readTemplate(desired.file, desired.template).placeOfWords(words)
        throw templateFault(inFile(desired.file, place), words, error)
      }
      throw error
    }
  }

  /** Asked for Ctrl-C once more after the last answer: whoever stops is not to be taken at an earlier yes. */
  const settled = async (stack: string, name: string): Promise<ChangeSetAnswer> => {
    const answer = await until(clock, () => readChanges(client, stack, name), {
      done: ({ status }) => status === 'CREATE_COMPLETE' || status === 'FAILED',
      pause: { least: 200, most: 5_000 },
      minutes: planMinutes,
      tooLate: () => waitTooLong(`The change set of ${stack}`, planMinutes, 'make status'),
    })
    await clock.sleep(0)
    return answer
  }

  /** A set that is not waited for to its end would be executed by nobody: it does not stay. */
  const orDiscard = async <Result>(set: Discarded, work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      await discard(set).catch((why: unknown) => {
        throw planStays(error, set.stack, why)
      })
      throw error
    }
  }

  const plan: Stacks['plan'] = async (desired, state, templateUrl): Promise<StackPlan> => {
    const operation = state === undefined || state.status === 'REVIEW_IN_PROGRESS' ? 'create' : 'update'
    const name = changeSetName(digestOf(desired), clock.now())
    await request(desired, name, operation, templateUrl)
    const asked = { stack: desired.name, changeSet: name, operation } as const
    const answer = await orDiscard(asked, settled(desired.name, name))
    const planned: PlannedChanges = {
      type: 'changes',
      stack: desired.name,
      stackId: answer.stackId,
      operation,
      changeSet: answer.id,
      changes: answer.changes,
    }
    if (answer.status === 'CREATE_COMPLETE') return planned
    const reason = answer.reason || 'it gives no reason'
    const faults = /EarlyValidation/.test(reason) ? await orDiscard(planned, readValidation(client, answer.id)) : []
    await discard(planned)
    if (isEmpty(reason)) return { type: 'unchanged', stack: desired.name }
    if (faults.length > 0) throw templateFault(...(await describeFaults(desired, faults)))
    throw /No export named/.test(reason) ? missingExport(desired.name, reason) : changeSetFailed(desired.name, reason)
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

  return { plan, execute, discard }
}
