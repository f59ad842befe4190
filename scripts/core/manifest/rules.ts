import type { NameRule } from '../name-rules.ts'
import { nameRules } from '../name-rules.ts'
import { imageRules, imageTags } from '../image/rules.ts'

/** EC2's names. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html */
export const ec2Architectures = ['x86_64', 'arm64', 'i386', 'x86_64_mac', 'arm64_mac'] as const

/** Tags that replicas carry besides those of their candidate. */
export const replicaTags = [
  'CandidateImageId',
  'Published',
  'Disabled',
  'Revoked',
  'RevokedReason',
  'RevokedSharing',
] as const

/** The tag that a shared image carries in the account that it is shared with: which riglet tags it there. */
export const managedTag = 'ManagedBy'

const reserved = [...imageTags, ...replicaTags, managedTag, 'Commit'].join('$|')

export const manifestRules = {
  /** Older ones were made by other rules than ours. */
  useCase: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$/,
    words: '1 to 63 of letters, digits and ._/-, a letter or digit at both ends',
  },
  image: {
    pattern: /^(?!ami-)[a-z][a-z0-9-]{0,29}$/,
    words: 'the name of a folder under packer/: 1 to 30 of a-z, 0-9 and hyphens, a letter first',
  },
  accountName: {
    pattern: /^[a-z][a-z0-9-]{0,29}$/,
    words: '1 to 30 of a-z, 0-9 and hyphens, a letter first',
  },
  accountId: { pattern: /^\d{12}$/, words: 'an account of twelve digits, in quotes' },
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
  role: {
    pattern: /^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
    words: 'the name of a role, with its path if it has one',
  },
  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  externalId: { pattern: /^[\w+=,.@:/-]{2,1224}$/, words: '2 to 1224 of letters, digits and _+=,.@:/-' },
  /** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
  consumer: {
    pattern:
      /^(?:[a-z][a-z0-9-]{0,29}|arn:aws[a-z-]*:organizations::\d{12}:(?:organization\/o-[a-z0-9]{10,32}|ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}))$/,
    words: 'the name of an account below accounts, or the ARN of an organization or an organizational unit',
  },
  region: nameRules.region,
  imageId: nameRules.imageId,
  architecture: {
    pattern: new RegExp(`^(?:${ec2Architectures.join('|')})$`),
    words: `one of ${ec2Architectures.join(', ')}`,
  },
  amiName: {
    pattern: /^[A-Za-z0-9()[\] ./'@_-]{3,128}$/,
    words: "the name of an AMI: 3 to 128 of letters, digits, spaces and ()[]./-'@_",
  },
  /** Empty, and null: none. */
  deprecation: {
    pattern: /^(?:|\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z)$/,
    words: 'a time in UTC such as 2026-12-24T18:00:00Z, or null for none',
  },
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
  tag: {
    pattern: new RegExp(
      `^(?!(?:${reserved})$)(?![aA][wW][sS]:)[\\p{L}\\p{N}_.:/=+@-](?:[\\p{L}\\p{N} _.:/=+@-]{0,126})$`,
      'u',
    ),
    words: `the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, and none of riglet's own`,
  },
  /** To look for, so riglet's own and AWS's are among them. */
  tagName: {
    pattern: /^[\p{L}\p{N} _.:/=+@-]{1,128}$/u,
    words: 'the name of a tag: 1 to 128 of letters, digits, spaces and _.:/=+-@',
  },
  nameFilter: { pattern: /^[^\r\n]{1,200}$/, words: 'a regular expression of at most 200 characters' },
  tagValue: {
    pattern: /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u,
    words: 'at most 256 of letters, digits, spaces and _.:/=+-@, in quotes where it is a number',
  },
  alarm: { pattern: /^[!-~](?:[ -~]{0,254})$/, words: 'the name of a CloudWatch alarm' },
  yesOrNo: { pattern: /^(?:true|false)$/, words: 'true or false' },
  days: { pattern: /^\d+$/, words: 'a whole number of days, 1 to 3650, or null for none' },
  minutes: { pattern: /^\d+$/, words: 'a whole number of minutes, 0 to 10080' },
  seconds: { pattern: /^\d+$/, words: 'a whole number of seconds, 0 to 3600' },
  size: { pattern: /^\d+$/, words: 'a whole number, 0 to 999' },
  group: {
    pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,29}$/,
    words: '1 to 30 of a-z, 0-9 and single hyphens, a letter first',
  },
  /**
   * Also the value of a tag, of which EC2 takes 255 characters of these. No program that git would start by itself, no
   * password in the file, and nothing that anybody on the way could change.
   */
  repositoryUrl: {
    pattern:
      /^(?=.{1,255}$)(?:https:\/\/[A-Za-z0-9][\w.:-]*\/|ssh:\/\/(?:[A-Za-z0-9][\w.-]*@)?[A-Za-z0-9][\w.:-]*\/|[A-Za-z0-9][\w.-]*@[A-Za-z0-9][\w.-]*:(?!\/\/)|file:\/\/\/)[\w./+=-]+$/,
    words:
      'the address of a git repository by https, ssh or file, such as https://github.com/acme/shop.git, without a password',
  },
  ref: {
    pattern: /^(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)))[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}(?<![./])$/,
    words: 'a branch, a tag, or a commit by all its 40 digits',
  },
  commitTag: imageRules.commitTag,
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html: an asterisk would stand for anything. */
  filter: {
    pattern: /^(?![aA][wW][sS]:)[\p{L}\p{N}_.:/=+@-](?:[\p{L}\p{N} _.:/=+@-]{0,126})$/u,
    words: 'the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@',
  },
  /** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html */
  pipeline: { pattern: /^[A-Za-z0-9.@_-]{1,100}$/, words: 'the name of a pipeline' },
  instanceType: imageRules.instance_type,
  subnet: imageRules.subnet,
  securityGroup: imageRules.securityGroup,
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_InstanceProfile.html */
  instanceProfile: { pattern: /^[\w+=,.@-]{1,128}$/, words: 'the name of an instance profile' },
  targetGroup: {
    pattern: /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
    words: 'the ARN of a target group',
  },
} as const satisfies Record<string, NameRule>
