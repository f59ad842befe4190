import { DescribeEventsCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation'
import type { Place } from '../../core/stack/template/places.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import { listAll } from '../client/paged.ts'

export type ValidationFault = { readonly logicalId: string; readonly path: string; readonly words: string }

/**
 * What CloudFormation's early validation found wrong with a change set; the set itself says only that something is.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
 */
export async function readValidation(
  client: Pick<CloudFormationClient, 'send'>,
  changeSet: string,
): Promise<ValidationFault[]> {
  const events = await listAll(
    (NextToken) => client.send(new DescribeEventsCommand({ ChangeSetName: changeSet, NextToken })),
    (page) => page.OperationEvents,
  )
  return events
    .filter(({ ValidationStatus }) => ValidationStatus === 'FAILED')
    .map((event) => ({
      logicalId: event.LogicalResourceId ?? '',
      path: event.ValidationPath?.replace(/^\/+/, '').replaceAll('/', '.') ?? '',
      words: (event.ValidationStatusReason ?? event.ValidationName ?? '').replace(/\s+/g, ' '),
    }))
}

export const inFile = (file: string, place: Place | undefined): string =>
  place === undefined ? file : `${file}:${place.line}:${place.column}`

/** Each fault with where its property stands, or else its resource. */
export async function describeFaults(
  { file, template }: DesiredStack,
  faults: readonly ValidationFault[],
): Promise<[string, string]> {
  const { readTemplate } = await import('../../core/stack/template/read-template.ts')
  const { placeOfPath } = readTemplate(file, template)
  const lines = faults.map(({ logicalId, path, words }) => {
    const steps = path.split('.')
    const place = placeOfPath(steps[0] === 'Resources' ? steps : ['Resources', logicalId, ...steps])
    return `${inFile(file, place)}: ${logicalId}${path === '' ? '' : ` ${path}`}: ${words}`
  })
  return [
    file,
    `CloudFormation found ${lines.length === 1 ? 'a fault' : `${lines.length} faults`} in it.\n${lines.join('\n')}`,
  ]
}
