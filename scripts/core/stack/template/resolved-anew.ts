/**
 * Dynamic references are looked up on every update; one to a numbered version of a parameter finds the same for ever.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
const reference = /\{\{resolve:(?!ssm(?:-secure)?:[^:}]+:\d+\}\})/

export const isLookedUp = (value: unknown): boolean => typeof value === 'string' && reference.test(value)

/**
 * Types of parameters whose value is only a name, and of resources that bring a template of their own: an update reads
 * both anew, although nothing that was handed in has changed, as it runs macros and inserts what they include.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-include.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/modules.html
 */
export const readsAnew = (type: string): boolean =>
  type.startsWith('AWS::SSM::Parameter::Value<') || type === 'AWS::CloudFormation::Stack' || type.endsWith('::MODULE')
