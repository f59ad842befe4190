import type { Environment } from '../core/names.ts'
import { wrap } from './text.ts'

/** What goes, and what that means for what stays. */
export const renderDeletion = (stacks: readonly string[], notes: readonly string[]): string =>
  [
    'These stacks, and all that is in them, will be DELETED:',
    ...stacks.map((name) => `! - ${name}`),
    ...notes.flatMap((note) => ['', ...wrap(note, 80)]),
  ].join('\n')

const failing: Readonly<Record<Environment, string>> = {
  integration: 'at Integration, and nothing more reaches staging and production',
  staging: 'at Staging, and nothing more reaches production',
  production: 'at Plan, just before production',
}

/** Pipelines go through all environments, whether they are there or not. */
export const pushesWithout = (environment: Environment, pipelines: readonly string[]): string =>
  `${pipelines.join(', ')} ${pipelines.length === 1 ? 'deploys' : 'deploy'} to ${environment}: every push will fail ` +
  `${failing[environment]}, until you run \`make create-environment ENV=${environment}\`.`
