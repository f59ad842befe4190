import { RigletError } from '../errors.ts'
import { groupsFile } from '../groups/groups.ts'

export const noGroups = (environment: string | undefined, others: readonly string[]): RigletError =>
  new RigletError(
    'NOT_FOUND',
    environment === undefined || others.length === 0
      ? `There are no groups in ${groupsFile}, so nothing follows.`
      : `${groupsFile} has no group of ${environment}; it has ${others.join(', ')}.`,
    'docs/following.md tells how a group is made to follow a repository.',
  )
