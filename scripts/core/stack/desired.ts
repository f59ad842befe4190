/** What DescribeStacks shows of a parameter with NoEcho; desired, it means the value that the stack has.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export const hidden = '****'

/** A stack as it should be; its tags say of which layer it is (core/layers). */
export type DesiredStack = {
  readonly name: string
  /** Short words for the screen: `staging foundation`. */
  readonly title: string
  /** The template's path in the checkout, for messages. */
  readonly file: string
  readonly template: string
  /** Without Digest: it is made of all the others. */
  readonly parameters: Readonly<Record<string, string>>
  /** What parameters have for as long as nobody says otherwise, where the template has no default of its own. */
  readonly defaults?: Readonly<Record<string, string>>
  /** Parameters that are said once, when the stack is made: another value would replace all that stands on it. */
  readonly fixed?: readonly string[]
  /** Parameters that go back to the template's defaults, whatever they were set to earlier. */
  readonly reset?: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  /** What a person's change protects of it by itself, by its name in the template; empty: nothing does but a command. */
  readonly protects?: readonly string[]
  /** The stack whose output names the bucket for templates that a request cannot carry; none: it has no place for them. */
  readonly longTemplates?: { readonly stack: string; readonly output: string }
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
  readonly capabilities: readonly ('CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM')[]
}
