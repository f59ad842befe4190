import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  type CreateChangeSetCommandInput,
  type CreateStackCommandInput,
  type DescribeChangeSetCommandOutput,
  type Stack,
  type StackEvent,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation'
import { until, type Ground } from './ground.ts'

export type Template = object | string
export const text = (template: Template): string => (typeof template === 'string' ? template : JSON.stringify(template))

/** Words to drive CloudFormation by; each waits until what it asked for has ended. */
export function stacksOf(ground: Ground) {
  const cloud = () => ground.aws.cloudformation

  const find = async (StackName: string): Promise<Stack> => {
    const { Stacks = [] } = await cloud().send(new DescribeStacksCommand({ StackName }))
    return Stacks[0]!
  }
  const settled = (name: string): Promise<Stack> =>
    until(
      () => find(name),
      ({ StackStatus }) => !StackStatus?.endsWith('_IN_PROGRESS'),
    )
  const create = async (
    StackName: string,
    template: Template,
    more: Partial<CreateStackCommandInput> = {},
  ): Promise<Stack> => {
    await cloud().send(new CreateStackCommand({ StackName, TemplateBody: text(template), ...more }))
    return settled(StackName)
  }
  const update = async (
    StackName: string,
    template: Template,
    more: Partial<UpdateStackCommandInput> = {},
  ): Promise<Stack> => {
    await cloud().send(new UpdateStackCommand({ StackName, TemplateBody: text(template), ...more }))
    return settled(StackName)
  }
  const changeSet = async (
    StackName: string,
    ChangeSetName: string,
    template: Template,
    more: Partial<CreateChangeSetCommandInput> = {},
  ): Promise<DescribeChangeSetCommandOutput> => {
    const wanted = { StackName, ChangeSetName, TemplateBody: text(template), ...more }
    const { Id } = await cloud().send(new CreateChangeSetCommand(wanted))
    return until(
      () => cloud().send(new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true })),
      ({ Status }) => Status === 'CREATE_COMPLETE' || Status === 'FAILED',
    )
  }
  /** Oldest first. */
  const events = async (StackName: string): Promise<StackEvent[]> => {
    const { StackEvents = [] } = await cloud().send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents.toReversed()
  }
  return { cloud, find, settled, create, update, changeSet, events }
}
