import type { Value } from './template.ts'

/** Texts for references: `Owner`, `AWS::Region`, `Key.Arn`, and exports by their last part, as `import KeyArn`. */
export type Known = Readonly<Record<string, string>>

const account = '123456789012'

export const pseudo: Known = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': account,
  'AWS::StackName': 'acme-shop-pipeline-web-main',
}

/** A riglet whose names are short; `longest` below is the other end. */
export const example: Known = {
  ...pseudo,
  Owner: 'acme',
  Project: 'shop',
  Riglet: 'acme-shop',
  Environment: 'staging',
  App: 'web-main',
  Repo: 'web',
  Branch: 'main',
  SourceKey: 'web/main/source.zip',
  Pipeline: 'acme-shop-pipeline-web-main',
  VerifyPipeline: 'acme-shop-pipeline-web-main',
  'import PipelineName': 'acme-shop-pipeline-web-main',
  Image: 'web',
  Role: 'arn:aws:iam::222222222222:role/riglet/distribution',
  ManifestRoles: 'arn:aws:iam::222222222222:role/riglet/distribution',
  Channel: 'stable',
  TokenParameter: '/acme/shop/token',
  TokenEntry: 'acme/token',
  RigletAccount: '111111111111',
  ImageOwners: '111111111111',
  Regions: 'us-east-1',
  InstanceBoundary: `arn:aws:iam::${account}:policy/acme-shop/acme-shop-boundary-us-east-1`,
  'import ArtifactBucket': 'acme-shop-artifacts-artifactbucket-1a2b3c4d5e6f',
  'import Jobs-ArtifactBucket': 'acme-shop-jobs-web-main-artifactbucket-1a2b3c4d5e6f',
  'import SourceBucket': 'acme-shop-artifacts-sourcebucket-1a2b3c4d5e6f',
  'import KeyArn': `arn:aws:kms:us-east-1:${account}:key/11111111-2222-3333-4444-555555555555`,
  'import BuildTopicArn': `arn:aws:sns:us-east-1:${account}:acme-shop-artifacts-BuildTopic-1A2B3C4D5E6F`,
  'import InstanceBoundaryArn': `arn:aws:iam::${account}:policy/acme-shop/acme-shop-boundary-us-east-1`,
  ArtifactBucket: 'acme-shop-jobs-web-main-artifactbucket-1a2b3c4d5e6f',
  'ArtifactBucket.Arn': 'arn:aws:s3:::acme-shop-jobs-web-main-artifactbucket-1a2b3c4d5e6f',
  ReaderRoles: `arn:aws:iam::111111111111:role/riglet/distribution`,
  FollowRoles: `arn:aws:iam::111111111111:role/riglet/follow`,
  ControlKey: 'control/0.1.0-0123456789ab-0123456789ab.zip',
  BuilderTypes: 't3.*',
  'LoadBalancer.LoadBalancerFullName': 'app/acme-LoadB-1A2B3C4D5E6F/50dc6c495c0c9188',
  'import BuildSubnet': 'subnet-0123456789abcdef0',
  'import BuildSecurityGroup': 'sg-0123456789abcdef0',
  ...Object.fromEntries(
    ['bake', 'verify', 'configure', 'packet', 'guard', 'smoke'].map((job) => [
      `import ${job[0]!.toUpperCase()}${job.slice(1)}Project`,
      `acme-shop-jobs-web-main-${job}`,
    ]),
  ),
  Reports: `arn:aws:codebuild:us-east-1:${account}:report-group/acme-shop-pipeline-web-main-verify-checks`,
  'LogGroup.Arn': `arn:aws:logs:us-east-1:${account}:log-group:/acme-shop/pipeline/acme-shop-pipeline-web-main:*`,
  'FlowLogGroup.Arn': `arn:aws:logs:us-east-1:${account}:log-group:/acme-shop/staging/network:*`,
}

const letters = (count: number): string => 'x'.repeat(count)

/** The longest names that the parameters allow, for limits of size. */
export const longest: Known = {
  ...example,
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::StackName': letters(88),
  Owner: letters(12),
  Project: letters(12),
  Riglet: letters(32),
  App: letters(46),
  SourceKey: letters(512),
}

const named = (name: string, known: Known): string => {
  const found = known[name] ?? (/Project\.Arn$/.test(name) ? projectArn(name, known) : undefined)
  if (found === undefined) throw new Error(`no example text for ${name}`)
  return found
}

const projectArn = (name: string, known: Known): string =>
  `arn:aws:codebuild:us-east-1:${account}:project/${known['AWS::StackName']}-${name.replace(/Project\.Arn$/, '').toLowerCase()}`

const substitute = (text: string, known: Known): string =>
  text.replace(/\$\{([^}!]+)\}/g, (_, name: string) => named(name, known)).replaceAll('${!', '${')

/** A value with its references replaced; conditions are taken as true. */
export function render(value: Value, known: Known = example): Value {
  if (Array.isArray(value)) return value.map((inner) => render(inner, known))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  const [name, inner] = entries.length === 1 ? entries[0]! : ['', null]
  switch (name) {
    case 'Ref':
      return named(inner as string, known)
    case 'Fn::GetAtt':
      return named((inner as string[]).join('.'), known)
    case 'Fn::ImportValue':
      return known[`import ${importedFrom(inner)}`] ?? named(`import ${importedOutput(inner)}`, known)
    case 'Fn::If':
      return render((inner as Value[])[1]!, known)
    case 'Fn::Sub': {
      if (typeof inner === 'string') return substitute(inner, known)
      const [text, own] = inner as [string, { [key: string]: Value }]
      const rendered = Object.fromEntries(Object.entries(own).map(([key, v]) => [key, String(render(v, known))]))
      return substitute(text, { ...known, ...rendered })
    }
    default:
      return Object.fromEntries(entries.map(([key, v]) => [key, render(v, known)]))
  }
}

/** `{ 'Fn::Sub': '${Jobs}-ArtifactBucket' }` -> Jobs-ArtifactBucket: where two parents export the same name. */
const importedFrom = (name: Value): string =>
  String((name as { 'Fn::Sub'?: string })['Fn::Sub'] ?? name).replace(/^\$\{(\w+)\}/, '$1')

/** `{ 'Fn::Sub': '${Artifacts}-KeyArn' }` -> KeyArn */
export const importedOutput = (name: Value): string =>
  String((name as { 'Fn::Sub'?: string })['Fn::Sub'] ?? name).replace(/^\$\{\w+\}-/, '')
