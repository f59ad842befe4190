import { limits } from './limits.ts'
import { environments } from './names.ts'

/** What a value must look like: a pattern, and the same in words. */
export type NameRule = { readonly pattern: RegExp; readonly words: string }

/** S3 keeps some beginnings of a bucket's name for itself; what CloudFormation calls ours begins with the owner.
 *  https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const ownerRule = (rule: NameRule): NameRule => ({
  pattern: new RegExp(`^(?!(?:xn|sthree)(?:-|$)|amzn-s3-demo)${rule.pattern.source.slice(1)}`),
  words: `${rule.words}, and not xn, sthree or amzn-s3-demo, which S3 keeps for itself`,
})

/**
 * The lengths leave room for the longest name made of them: bucket 63 (`OWNER-PROJECT-artifacts-...`), pipeline 100,
 * role 64, stack 128 characters. Lower case, because buckets want it. A parameter may not begin with aws or ssm.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
const word = (limit: number): NameRule => ({
  pattern: new RegExp(`^(?!aws|ssm)[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,${limit - 1}}$`),
  words: `1 to ${limit} of a-z, 0-9 and single hyphens, a letter first, not beginning with aws or ssm`,
})

export const nameRules = {
  owner: ownerRule(word(12)),
  project: word(12),
  environment: { pattern: new RegExp(`^(?:${environments.join('|')})$`), words: environments.join(', ') },
  repo: {
    pattern: /^[A-Za-z][A-Za-z0-9._-]{0,99}$/,
    words: '1 to 100 of letters, digits and ._-, a letter first',
  },
  branch: {
    pattern: /^(?!.*(?:\.\.|\/\/|@\{))[A-Za-z0-9][A-Za-z0-9._/-]{0,99}(?<![./])$/,
    words: '1 to 100 of letters, digits and ._/-, as git allows',
  },
  // https://docs.amazonaws.cn/codepipeline/latest/userguide/action-reference-CloudFormation.html
  // https://github.com/hashicorp/packer-plugin-amazon/blob/v1.2.1/builder/ebs/builder.go#L384
  region: {
    pattern: /^(?!cn-|us-gov-)[a-z]{2}(?:-[a-z]+)+-\d$/,
    words:
      'a region such as eu-central-1 (China and GovCloud are out: Packer sends no tags with CreateImage there, and ' +
      'in China CodePipeline has no CloudFormation action)',
  },
  profile: { pattern: /^[^\s[\]]{1,128}$/, words: 'the name of a profile in ~/.aws/config' },
  image: {
    pattern: /^(?:(?!ami-)[a-z][a-z0-9-]{0,29}|ami-(?:[0-9a-f]{8}|[0-9a-f]{17}))$/,
    words: 'a folder under packer/ such as web, or an id such as ami-0123456789abcdef0',
  },
  imageId: { pattern: /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, words: 'an id such as ami-0123456789abcdef0' },
  // As EC2 calls them, and as Debian, Docker and Linux do; several where several images are made.
  architectures: {
    pattern: /^(?:(?:x86_64|arm64|i386|x86_64_mac|arm64_mac|amd64|x86-64|aarch64)(?:,(?=.)|$))+$/,
    words: 'an architecture such as x86_64 (amd64) or arm64 (aarch64), or several with commas between them',
  },
  channel: {
    pattern: /^[a-z](?:[a-z0-9-]{0,29})$/,
    words: 'the name of a channel such as stable: a-z, 0-9 and hyphens',
  },
  milestone: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    words: 'a milestone such as 1.4: 1 to 64 of letters, digits and ._-, a letter or digit first',
  },
  // https://www.rfc-editor.org/errata/eid1690
  email: { pattern: /^(?=.{6,254}$)[^\s@]+@[^\s@]+\.[^\s@]+$/, words: 'an e-mail address' },
  certificate: {
    pattern: /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]{1,64}$/,
    words: 'the ARN of an ACM certificate',
  },
  hostName: {
    pattern: /^(?=.{1,128}$)(?:[a-z0-9*](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    words: 'a host name such as shop.example.com',
  },
  hosts: {
    pattern: /^(?=.{1,1000}$)[A-Za-z0-9][A-Za-z0-9.:-]*(?:,[A-Za-z0-9:][A-Za-z0-9.:-]*)*$/,
    words: 'hosts with commas between them, such as packages.internal,10.1.2.3',
  },
  cidr: {
    pattern: /^(?:10\.(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.0\.0\/16$/,
    words: 'a private block of 65536 addresses such as 10.4.0.0/16',
  },
  // The next ones are what the templates' parameters take.
  size: { pattern: /^\d{1,3}$/, words: 'a whole number below 1000' },
  percent: { pattern: /^(?:\d|[1-8]\d|90)$/, words: 'a whole number of 0 to 90' },
  port: {
    pattern: /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/,
    words: 'a port of 1 to 65535',
  },
  path: {
    pattern: /^\/[!-~]{0,1023}$/,
    words: 'a path that begins with a slash, at most 1024 characters without spaces',
  },
  domain: {
    pattern: /^(?=.{1,255}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/,
    words: 'a domain of two labels or more such as shop.internal',
  },
  upTo: { pattern: /^(?:verify|production)$/, words: 'verify or production' },
  rollBack: { pattern: /^(?:production|none)$/, words: 'production or none' },
  yesOrNo: { pattern: /^(?:yes|no)$/, words: 'yes or no' },
  artifactDays: { pattern: /^(?:[3-9]\d|[1-9]\d\d|[12]\d{3}|3[0-5]\d\d|36[0-4]\d|3650)$/, words: '30 to 3650 days' },
  buildImage: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$/,
    words: 'an image of CodeBuild such as aws/codebuild/standard:7.0',
  },
  instanceTypes: {
    pattern: /^(?=.{1,1000}$)[a-z0-9-]+\.[a-z0-9*-]+(?:,[a-z0-9-]+\.[a-z0-9*-]+)*$/,
    words: 'instance types with commas between them, such as t3.*,m6i.large',
  },
  logDays: {
    pattern: /^(?:1|3|5|7|14|30|60|90|120|150|180|365|400|545|731)$/,
    words: 'one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 and 731 days',
  },
  time: {
    pattern:
      /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/,
    words: 'a time to the minute with its zone, such as 2026-12-24T18:00Z or 2026-12-24T19:00+01:00',
  },
  schedule: {
    pattern: /^(?:off|(?:cron|rate)\([A-Za-z0-9 ,*/?#-]{3,120}\))$/,
    words: 'off, or times as EventBridge Scheduler takes them, such as cron(0 5 * * ? *) or rate(15 minutes)',
  },
  timeZone: { pattern: /^[A-Za-z][A-Za-z0-9_+/-]{1,49}$/, words: 'a time zone such as Europe/Berlin' },
  httpsUrl: {
    pattern: /^https:\/\/[A-Za-z0-9./_~-]{1,200}$/,
    words: 'a URL such as https://github.com/acme/shop.git, without a name or password in it',
  },
  digest: { pattern: /^[0-9a-f]{16,64}$/, words: '16 to 64 hexadecimal digits, as `make show-approval` prints them' },
  number: { pattern: /^\d{1,5}$/, words: 'a whole number' },
  // Logical ids, and those of nested stacks behind the stack's own name.
  resources: {
    pattern: /^(?=.{1,1000}$)(?:[A-Za-z][A-Za-z0-9-]*\.)?[A-Za-z0-9]+(?:,(?:[A-Za-z][A-Za-z0-9-]*\.)?[A-Za-z0-9]+)*$/,
    words: 'names of resources as the template has them, with commas between them, such as Group,Listener',
  },
  rollOutAlarms: { pattern: /^(?:watch|ignore)$/, words: 'watch or ignore' },
  yes: { pattern: /^(?:1|yes|true|0|no|false)$/i, words: '1 or 0' },
  text: { pattern: /^[^\r\n]{1,1000}$/, words: 'one line of at most 1000 characters' },
  ...limits,
} as const satisfies Record<string, NameRule>
