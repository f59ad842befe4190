import type { Finding } from './report.ts'

/** One resource as drift detection saw it.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDrift.html */
export type ResourceDrift = {
  readonly logicalId: string
  readonly physicalId: string
  readonly resourceType: string
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED' | 'UNKNOWN' | 'UNSUPPORTED'
  readonly differences: readonly { readonly path: string; readonly expected: string; readonly actual: string }[]
}

export type StackDrift =
  | { readonly type: 'checked'; readonly stack: string; readonly resources: readonly ResourceDrift[] }
  | { readonly type: 'failed'; readonly stack: string; readonly reason: string }

/** What CloudFormation's drift detection of one stack says, as findings. */
export function stackFindings(environment: string, drift: StackDrift): readonly Finding[] {
  if (drift.type === 'failed')
    return [{ type: 'unchecked', environment, subject: drift.stack, what: `drift detection failed: ${drift.reason}` }]
  return drift.resources.flatMap((resource) => resourceFindings(environment, drift.stack, resource))
}

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
      return [{ type: 'unchecked', environment, subject, what: 'CloudFormation did not check this resource' }]
    case 'UNSUPPORTED':
      return [{ type: 'unchecked', environment, subject, what: 'CloudFormation cannot check this type of resource' }]
  }
}
