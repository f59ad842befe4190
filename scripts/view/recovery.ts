import type { Case, FailedResource } from '../core/stack/recovery.ts'
import { resourceWords, wrap } from './text.ts'

const width = 80
const indent = 12

/** A stack that needs help: why, what will be tried, and what is left alone. */
export function renderCase(found: Case): string {
  const { state, remedy, cause, failed, skipped } = found
  return [
    `${state.name} is ${state.status}`,
    ...field('first cause', cause ?? state.statusReason ?? 'CloudFormation gives no reason'),
    ...failed.flatMap((resource, index) => field(index === 0 ? 'failed' : '', describe(resource))),
    ...field('now', tries[remedy]),
    ...(remedy === 'delete again' ? emptied(found).map(({ name }) => field('emptied', bucketWords(name))) : []).flat(),
    ...skipped.flatMap((resource, index) =>
      field(index === 0 ? (remedy === 'delete again' ? 'kept' : 'skipped') : '', leftWords(resource, found)),
    ),
  ].join('\n')
}

const tries: Readonly<Record<Case['remedy'], string>> = {
  'continue rollback': 'CloudFormation goes on rolling back to what was there before (ContinueUpdateRollback)',
  'roll back': 'CloudFormation rolls back to what was there before (RollbackStack)',
  'delete again': 'the stack, and all that is in it, is DELETED again (DeleteStack)',
  'clear away': 'the stack never worked, and is deleted (DeleteStack)',
  monitor: 'this is under way already, and is monitored to its end',
}

/** Buckets that are deleted must be empty, and CloudFormation empties none. */
export const emptied = ({ failed, skipped }: Pick<Case, 'failed' | 'skipped'>): readonly FailedResource[] =>
  failed.filter((resource) => resource.type === 'AWS::S3::Bucket' && !skipped.includes(resource))

const bucketWords = (name: string): string => `${name}: every version of every object in it is deleted first`

const describe = ({ name, type, why }: FailedResource): string =>
  `${name} (${resourceWords(type)})${why === '' ? '' : `: ${why}`}`

const leftWords = ({ name, physicalId }: FailedResource, { remedy }: Case): string =>
  remedy === 'delete again'
    ? `${name}: ${physicalId} stays, and belongs to no stack any more`
    : `${name}: stays as it is now, whatever the stack says of it`

const field = (name: string, text: string): string[] =>
  wrap(text, width - indent - 2).map((line, index) => `  ${(index === 0 ? name : '').padEnd(indent)}${line}`)
