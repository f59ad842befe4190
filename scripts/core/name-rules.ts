import { environments } from './names.ts'

/** What a value must look like: a pattern, and the same in words. */
export type NameRule = { readonly pattern: RegExp; readonly words: string }

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
  owner: word(12),
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
  email: { pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, words: 'an e-mail address' },
  certificate: {
    pattern: /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/,
    words: 'the ARN of an ACM certificate',
  },
  hostName: {
    pattern: /^(?=.{1,128}$)(?:[a-z0-9*](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
    words: 'a host name such as shop.example.com',
  },
  digest: { pattern: /^[0-9a-f]{16,64}$/, words: '16 to 64 hexadecimal digits, as `make show-approval` prints them' },
  number: { pattern: /^\d{1,5}$/, words: 'a whole number' },
  rollOutAlarms: { pattern: /^(?:watch|ignore)$/, words: 'watch or ignore' },
  yes: { pattern: /^(?:1|yes|true|0|no|false)$/i, words: '1 or 0' },
  text: { pattern: /^[^\r\n]{1,1000}$/, words: 'one line of at most 1000 characters' },
} as const satisfies Record<string, NameRule>
