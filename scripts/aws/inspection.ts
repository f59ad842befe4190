import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { ResourceDrift } from '../core/drift/stack-drift.ts'
import type { Inspection } from '../core/ports/inspection.ts'
import type { Clock } from '../core/ports/local/clock.ts'
import { until } from '../core/until.ts'
import { lazyClient, type ClientOptions } from './client/clients.ts'
import { awsCode, awsMessage } from './client/failures.ts'
import { listAll } from './client/paged.ts'

const driftMinutes = 10

type Client = Pick<CloudFormationClient, 'send'>

const load = () => import('@aws-sdk/client-cloudformation')

/** What may be read of stacks beside their state: templates, change sets of others, drift. */
export function makeInspection(
  options: ClientOptions,
  clock: Clock,
  client: Client = lazyClient(async () => (await load()).CloudFormationClient, options),
): Inspection {
  const absent = (error: unknown): boolean =>
    awsCode(error) === 'ChangeSetNotFoundException' || /does not exist/.test(awsMessage(error))

  const template = async (StackName: string, ChangeSetName?: string): Promise<string> => {
    const { GetTemplateCommand } = await load()
    const asked = { StackName, TemplateStage: 'Original' as const }
    const { TemplateBody = '' } = await client.send(
      new GetTemplateCommand(ChangeSetName === undefined ? asked : { ...asked, ChangeSetName }),
    )
    return TemplateBody
  }

  return {
    template: async (stack) => {
      try {
        return await template(stack)
      } catch (error) {
        if (absent(error)) return undefined
        throw error
      }
    },
    changeSet: async (stack, name) => {
      const { readChanges } = await import('./cloudformation/changes.ts')
      try {
        const [answer, body] = await Promise.all([readChanges(client, stack, name), template(stack, name)])
        const { id, executable, parameters, changes } = answer
        return { id, executable, parameters, changes, template: body }
      } catch (error) {
        if (absent(error)) return undefined
        throw error
      }
    },
    drift: async (stack) => {
      const sdk = await load()
      const { StackDriftDetectionId } = await client.send(new sdk.DetectStackDriftCommand({ StackName: stack }))
      const { DetectionStatus, DetectionStatusReason, Timestamp } = await until(
        clock,
        () => client.send(new sdk.DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId })),
        {
          done: (status) => /^DETECTION_(?:COMPLETE|FAILED)$/.test(status.DetectionStatus ?? ''),
          pause: { least: 200, most: 1000 },
          minutes: driftMinutes,
        },
      )
      if (DetectionStatus === 'DETECTION_COMPLETE')
        return { type: 'checked', stack, resources: await readDrifts(client, stack) }
      if (DetectionStatus !== 'DETECTION_FAILED')
        return { type: 'failed', stack, reason: 'drift detection did not end', resources: [] }
      const reason = DetectionStatusReason ?? 'no reason was given'
      return { type: 'failed', stack, reason, resources: await readDrifts(client, stack, Timestamp) }
    },
  }
}

/**
 * A detection that failed leaves results where it succeeded, and what an earlier one said where it did not: that is
 * older than `since`. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackDriftDetectionStatus.html
 */
async function readDrifts(client: Client, StackName: string, since = new Date(0)): Promise<ResourceDrift[]> {
  const { DescribeStackResourceDriftsCommand } = await load()
  const found = await listAll(
    (NextToken) => client.send(new DescribeStackResourceDriftsCommand({ StackName, NextToken, MaxResults: 100 })),
    (page) => page.StackResourceDrifts,
  )
  return found.map((drift) => {
    const old = drift.Timestamp !== undefined && drift.Timestamp < since
    return {
      logicalId: drift.LogicalResourceId ?? '',
      physicalId: drift.PhysicalResourceId ?? '',
      resourceType: drift.ResourceType ?? '',
      status: old ? 'NOT_CHECKED' : ((drift.StackResourceDriftStatus ?? 'UNKNOWN') as ResourceDrift['status']),
      differences: (drift.PropertyDifferences ?? []).map((difference) => ({
        path: (difference.PropertyPath ?? '').replace(/^\//, '').replaceAll('/', '.'),
        expected: difference.ExpectedValue ?? '',
        actual: difference.ActualValue ?? '',
      })),
    }
  })
}
