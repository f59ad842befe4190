/** What CloudFormation would do to one stack. Counts and flags are derived, never stored. */
export type StackPlan =
  | { readonly type: 'unchanged'; readonly stack: string }
  | {
      readonly type: 'changes'
      readonly stack: string
      readonly stackId: string
      readonly operation: 'create' | 'update'
      /** Its ARN: what is executed is what was shown. */
      readonly changeSet: string
      readonly changes: readonly ResourceChange[]
    }

export type ResourceChange = {
  readonly logicalId: string
  readonly physicalId?: string | undefined
  readonly resourceType: string
  readonly action: 'add' | 'modify' | 'remove' | 'import' | 'conditional'
  /** CloudFormation says `Conditional` when it cannot tell before it runs. */
  readonly replacement: 'no' | 'yes' | 'conditional'
  /** What happens to the old one: removals and replacements may keep or snapshot it. */
  readonly deletionPolicy?: 'delete' | 'retain' | 'snapshot' | undefined
  readonly properties: readonly PropertyChange[]
}

export type PropertyChange = {
  /** Such as `Properties.LaunchTemplateData.ImageId`, without `Properties`. */
  readonly path: string
  readonly before?: string | undefined
  readonly after?: string | undefined
  readonly replaces: 'no' | 'yes' | 'conditional'
  /** What moves it, when CloudFormation tells: a parameter's name, or another resource's attribute. */
  readonly cause?: string | undefined
}

/**
 * CloudFormation says `Conditional` of every group with another launch template, but replaces a group only where its
 * UpdatePolicy asks for that (WillReplace), which none of our templates does: its instances are rolled.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-updatepolicy.html
 */
export const rolls = ({ resourceType, action, replacement, properties }: ResourceChange): boolean =>
  resourceType === 'AWS::AutoScaling::AutoScalingGroup' &&
  action === 'modify' &&
  replacement === 'conditional' &&
  properties.every(({ path, replaces }) => replaces === 'no' || path.startsWith('LaunchTemplate'))

export const replaces = (change: ResourceChange): boolean =>
  change.action === 'modify' && change.replacement !== 'no' && !rolls(change)

/**
 * What a plan means that no line of it says. CodePipeline takes a stage back only to an execution that was started in the
 * structure that the pipeline has then, and each update of the pipeline makes another one.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
 */
export const consequencesOf = (changes: readonly ResourceChange[]): readonly string[] =>
  changes.some(({ resourceType, action }) => resourceType === 'AWS::CodePipeline::Pipeline' && action === 'modify')
    ? [
        'Once the pipeline is changed no stage can go back by itself to what it ran before: CodePipeline goes back within ' +
          'one structure of the pipeline only. Until a push has passed Integration and Staging, a failed Smoke there leaves ' +
          'the new image running, and make rollback-app ENV=... takes it back.',
      ]
    : []

/** Something that exists is lost or made anew. */
export const endangers = (change: ResourceChange): boolean => change.action === 'remove' || replaces(change)
