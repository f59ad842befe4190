/** `cloudformation describe-stacks` as a person would have to type it to reach this very account and region. */
export type ByHand = (words: string) => Promise<string>
