import { stackName, type Environment, type Riglet } from '../names.ts'
import type { Finding } from './report.ts'

/** What an environment is asked to hold, by those that know: its own stacks, the pipelines and their history. */
export type Claims = {
  readonly stacks: readonly string[]
  readonly pipelines: readonly string[]
  /** App stacks that a pipeline put there with success. */
  readonly deployed: readonly string[]
}

/** Whether an environment is meant to be there: each pipeline passes through all three. */
export const isClaimed = ({ stacks, pipelines }: Claims): boolean => stacks.length > 0 || pipelines.length > 0

/** Stacks that should be there and are not: somebody deleted them. */
export function missingFindings(riglet: Riglet, environment: Environment, claims: Claims): readonly Finding[] {
  const { stacks, pipelines, deployed } = claims
  const missing = (subject: string, what: string): Finding[] =>
    stacks.includes(subject)
      ? []
      : [{ type: 'drifted', environment, subject, what, expected: 'exists', actual: 'no such stack' }]
  const [needer, why] = pipelines.length > 0 ? [pipelines, 'deploys there'] : [stacks, 'stands on it']
  return [
    ...(isClaimed(claims)
      ? missing(stackName.foundation(riglet, environment), `is missing, and ${needer[0]!} ${why}`)
      : []),
    ...deployed.flatMap((app) => missing(app, 'is missing, though the pipeline deployed it')),
  ]
}
