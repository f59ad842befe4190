import type { NameRule } from './name-rules.ts'

/** Tags that images have already: a commit must not stand in their place. */
const taken = [
  'Owner',
  'Project',
  'Environment',
  'Layer',
  'Image',
  'Inputs',
  'Version',
  'SourceImageId',
  'Name',
  'Build',
]

/**
 * What services take of a value that goes to them as it is. A test holds these against AWS's own models, and against
 * the templates. Where a service counts characters nobody says what it counts, so we count UTF-16's units: of all ways
 * but bytes these are the most, and no service is known to count bytes here.
 */
export const limits = {
  /** Shown to others, so without control characters. */
  reason: {
    pattern: /^(?=.*\S)[^\u0000-\u001f\u007f-\u009f]{1,512}$/,
    words: 'one line of at most 512 characters (what CodePipeline keeps of an answer)',
  },
  execution: {
    pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    words: "an execution's id such as 01234567-89ab-cdef-0123-456789abcdef; `make status` prints the newest",
  },
  changeSet: {
    pattern: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
    words: "a change set's name: 1 to 128 of letters, digits and hyphens, a letter first",
  },
  commit: { pattern: /^(?:[0-9a-f]{7,64}|unknown)$/, words: "a commit's id: 7 to 64 hexadecimal digits" },
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
  commitTag: {
    pattern: new RegExp(
      `^(?!aws:)(?!(?:${taken.join('|')})$)[A-Za-z0-9_.:/=+@-](?:[ A-Za-z0-9_.:/=+@-]{0,125}[A-Za-z0-9_.:/=+@-])?$`,
    ),
    words: `the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, not beginning with aws:, and none of ${taken.join(', ')}`,
  },
  instanceType: { pattern: /^[a-z][a-z0-9-]{0,30}\.[a-z0-9-]{1,30}$/, words: 'an instance type such as t3.small' },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  bucket: {
    pattern: /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    words: "a bucket's name: 3 to 63 of a-z, 0-9, dots and hyphens",
  },
  key: {
    pattern: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64}$/,
    words: 'the ARN of a KMS key',
  },
  subnet: { pattern: /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, words: 'an id such as subnet-0123456789abcdef0' },
  securityGroup: { pattern: /^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, words: 'an id such as sg-0123456789abcdef0' },
  /** Also the value of a tag, of which EC2 takes 255 characters. */
  build: {
    pattern: /^(?=.{1,255}$)arn:aws[a-z-]*:codebuild:[a-z0-9-]+:\d{12}:build\/[A-Za-z0-9_-]+:[A-Za-z0-9-]+$/,
    words: 'the ARN of a build',
  },
  url: { pattern: /^https?:\/\/[^\s/]+\S*$/, words: 'an address that begins with http:// or https://' },
} as const satisfies Record<string, NameRule>
