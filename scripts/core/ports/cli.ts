/** `cloudformation describe-stacks` as a person would have to type it to reach this very account and region. */
export type AwsCliCommand = (words: string) => Promise<string>
