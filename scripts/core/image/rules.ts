import type { NameRule } from '../name-rules.ts'
import { architectures } from './base.ts'

/** Tags that an image carries for riglet: by them it is found, swept and compared, so no other may have their names. */
export const imageTags = [
  'Owner',
  'Project',
  'Image',
  'Inputs',
  'Version',
  'SourceImageId',
  'Name',
  'Builder',
  'BuiltFor',
  'Build',
] as const

/**
 * What lands in an AMI's name and tags, in shell, JSON and HTML on its machines, or in a stack's parameters; held before a
 * machine boots. A rule allows nothing that would want quoting in any of these places.
 */
export const imageRules = {
  /** As the parameter Version of cloudformation/app-image.yaml; the name's length is held by `versionRoom`. */
  version: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9.+:~^_-]*$/,
    words: 'letters, digits and .+:~^_-, a letter or digit first',
  },
  architecture: {
    pattern: new RegExp(`^(?:${architectures.join('|')})$`),
    words: architectures.join(' or '),
  },
  instance_type: {
    pattern: /^[a-z][a-z0-9-]{0,30}\.[a-z0-9-]{1,30}$/,
    words: 'an instance type such as t3.small',
  },
  commit: { pattern: /^[0-9a-f]{7,64}$/, words: '7 to 64 hexadecimal digits' },
  /** What all services take, though EC2 would take more; the API's limit is one less than the guide's.
   *  https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html
   *  https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
  commitTag: {
    pattern: new RegExp(
      `^(?!${imageTags.join('$|')}$)(?![aA][wW][sS]:)[\\p{L}\\p{N}_.:/=+@-](?:[\\p{L}\\p{N} _.:/=+@-]{0,125}[\\p{L}\\p{N}_.:/=+@-])?$`,
      'u',
    ),
    words: `the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, no space at an end, not beginning with aws: and none of ${imageTags.join(', ')}`,
  },
  key: {
    pattern: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[A-Za-z0-9/_-]{1,256}$/,
    words: 'the ARN of a KMS key',
  },
  subnet: { pattern: /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, words: 'an id such as subnet-0123456789abcdef0' },
  securityGroup: { pattern: /^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, words: 'an id such as sg-0123456789abcdef0' },
} as const satisfies Record<string, NameRule>
