import { unchecked, type Finding } from './report.ts'

/** One resource as drift detection saw it.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDrift.html */
export type ResourceDrift = {
  readonly logicalId: string
  readonly physicalId: string
  readonly resourceType: string
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED' | 'UNKNOWN' | 'UNSUPPORTED'
  readonly differences: readonly { readonly path: string; readonly expected: string; readonly actual: string }[]
}

export type StackDrift = { readonly stack: string; readonly resources: readonly ResourceDrift[] } & (
  | { readonly type: 'checked' }
  /** At least one resource could not be checked; `resources` holds what was found of the others. */
  | { readonly type: 'failed'; readonly reason: string }
)

/** Whether CloudFormation looks at a stack in this state; it refuses all others.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html */
export const canBeChecked = (status: string): boolean =>
  [
    'CREATE_COMPLETE',
    'UPDATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'UPDATE_ROLLBACK_FAILED',
    'IMPORT_COMPLETE',
    'IMPORT_ROLLBACK_COMPLETE',
  ].includes(status)

/** What CloudFormation's drift detection of one stack says, as findings. */
export const stackFindings = (environment: string, drift: StackDrift): readonly Finding[] => [
  ...(drift.type === 'failed' ? [unchecked(environment, drift.stack, `drift detection failed: ${drift.reason}`)] : []),
  ...drift.resources.flatMap((resource) => resourceFindings(environment, drift.stack, resource)),
]

function resourceFindings(environment: string, stack: string, resource: ResourceDrift): readonly Finding[] {
  const subject = `${stack} ${resource.logicalId} (${resource.resourceType} ${resource.physicalId})`
  switch (resource.status) {
    case 'IN_SYNC':
      return []
    case 'DELETED':
      return [
        { type: 'drifted', environment, subject, what: 'was deleted by hand', expected: 'exists', actual: 'deleted' },
      ]
    case 'MODIFIED':
      return resource.differences.map((difference) => ({
        type: 'drifted' as const,
        environment,
        subject,
        what: `${difference.path} was changed by hand`,
        expected: difference.expected,
        actual: difference.actual,
      }))
    case 'NOT_CHECKED':
    case 'UNKNOWN':
      return [unchecked(environment, subject, 'CloudFormation did not check this resource')]
    case 'UNSUPPORTED':
      return [unchecked(environment, subject, 'CloudFormation cannot check this type of resource')]
  }
}
