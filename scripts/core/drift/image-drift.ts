import { certain, uncertain, type Hindrance } from '../image/launch.ts'
import { rollbackWords, type Rollback } from '../rollback/record.ts'
import { unchecked, type Finding } from './report.ts'

/** One application in one environment, as stack, pipeline, group and instances each tell it. */
export type RunningApp = {
  readonly environment: string
  readonly stack: string
  /** The image that the stack's parameter names. */
  readonly stackImage: string
  /** The image of the last execution that was approved, or that passed, for this environment; null when none is known. */
  readonly approvedImage: string | null
  /** That a person took it back since; then the stack is right, and not the pipeline. */
  readonly rolledBack?: Rollback | undefined
  readonly group: string
  /** The image of the launch template version that the group uses; null when it could not be read. */
  readonly groupImage: string | null
  /** What stands in the way of replacing an instance, or could not be asked. */
  readonly hindrances: readonly Hindrance[]
  readonly instances: readonly RunningInstance[]
}

export type RunningInstance = { readonly id: string; readonly image: string; readonly group: string | null }

/**
 * Does each group run what its stack and the last approved execution say, each instance what its group says (B07), and
 * could the group replace one (B25)?
 */
export function imageFindings(app: RunningApp): readonly Finding[] {
  const { environment } = app
  const findings: Finding[] = []
  if (app.rolledBack !== undefined)
    findings.push({
      type: 'expected',
      environment,
      subject: app.stack,
      what: `was taken back ${rollbackWords(app.rolledBack)}`,
    })
  else if (app.approvedImage !== null && app.approvedImage !== app.stackImage)
    findings.push({
      type: 'drifted',
      environment,
      subject: app.stack,
      what: 'is deployed with another image than the pipeline last passed here',
      expected: app.approvedImage,
      actual: app.stackImage,
    })
  if (app.groupImage === null && app.hindrances.length === 0)
    findings.push(unchecked(environment, app.group, 'its launch template could not be read'))
  for (const why of uncertain(app.hindrances)) findings.push(unchecked(environment, app.group, why))
  for (const why of certain(app.hindrances))
    findings.push({
      type: 'drifted',
      environment,
      subject: app.group,
      what: 'can replace no instance',
      expected: 'a launch template and an image that instances can be launched from',
      actual: why,
    })
  if (app.groupImage !== null && app.groupImage !== app.stackImage)
    findings.push({
      type: 'drifted',
      environment,
      subject: app.group,
      what: 'launches another image than its stack says',
      expected: app.stackImage,
      actual: app.groupImage,
    })
  for (const instance of app.instances)
    if (instance.image !== app.stackImage)
      findings.push({
        type: 'drifted',
        environment,
        subject: instance.id,
        what: `runs another image than ${app.stack} says`,
        expected: app.stackImage,
        actual: instance.image,
      })
  return findings
}

/** Instances in an environment's network that belong to no group of the riglet: somebody launched them by hand. */
export function orphanedFindings(environment: string, orphaned: readonly RunningInstance[]): readonly Finding[] {
  return orphaned.map((instance) => ({
    type: 'drifted' as const,
    environment,
    subject: instance.id,
    what: 'was launched by hand: it belongs to no group of this riglet',
    expected: 'no such instance',
    actual: instance.image,
  }))
}
