import type { CollectionTag, ScalarTag, Tags } from 'yaml'

/**
 * CloudFormation's functions that have a short form, such as `!Sub` for `Fn::Sub`; `!Ref` and `!Condition` have no `Fn::`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export const shortForms = [
  ...['And', 'Base64', 'Cidr', 'Contains', 'EachMemberEquals', 'EachMemberIn', 'Equals', 'FindInMap', 'ForEach'],
  ...['GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'RefAll', 'Select', 'Split', 'Sub'],
  ...['ToJsonString', 'Transform', 'ValueOf', 'ValueOfAll', 'Ref', 'Condition'],
] as const

/** Whatever stands behind a short form stays as it is; the node keeps the tag. */
const asWritten = shortForms.flatMap((name): (ScalarTag | CollectionTag)[] => {
  const tag = `!${name}`
  return [
    { tag, resolve: (text: string) => text },
    { tag, collection: 'seq', resolve: (found) => found },
    { tag, collection: 'map', resolve: (found) => found },
  ]
})

/** YAML 1.1 has types that CloudFormation leaves out: a date is text to it, and `<<` a key like any other.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html */
const leftOut = /:(?:binary|merge|omap|pairs|set|timestamp)$/

export const templateTags = (tags: Tags): Tags => [
  ...tags.filter((tag) => typeof tag === 'string' || !leftOut.test(tag.tag)),
  ...asWritten,
]
