import type { NameRule } from './name-rules.ts'

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
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  bucket: {
    pattern: /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    words: "a bucket's name: 3 to 63 of a-z, 0-9, dots and hyphens",
  },
  /** Also the value of a tag, of which EC2 takes 255 characters. */
  build: {
    pattern: /^(?=.{1,255}$)arn:aws[a-z-]*:codebuild:[a-z0-9-]+:\d{12}:build\/[A-Za-z0-9_-]+:[A-Za-z0-9-]+$/,
    words: 'the ARN of a build',
  },
  url: { pattern: /^https?:\/\/[^\s/]+\S*$/, words: 'an address that begins with http:// or https://' },
} as const satisfies Record<string, NameRule>
