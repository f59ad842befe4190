import { layers } from '../../scripts/core/layers/layers.ts'

export const tags = { Owner: 'acme', Project: 'shop' }
export const settings = {
  OWNER: 'acme',
  PROJECT: 'shop',
  REGION: 'eu-central-1',
  REPO: 'shop',
  BRANCH: 'main',
  ENV: 'staging',
} as const

const parameters = (...names: readonly string[]): string =>
  names.map((name) => `  ${name}: { Type: String }\n`).join('')

const optional = (...names: readonly string[]): string =>
  names.map((name) => `  ${name}: { Type: String, Default: "" }\n`).join('')

/** Templates with nothing in them but their parameters. */
export const templates: Readonly<Record<string, string>> = {
  'package.json': '{ "version": "1.2.3" }',
  [layers.foundation.template]:
    `Parameters:\n${parameters('Cidr', 'Builds')}${optional('CertificateArn', 'EmailAddress', 'FlowLogs', 'HttpRedirect')}Resources: {}\n`,
  [layers.artifacts.template]: `Parameters:\n${optional('EmailAddress')}Resources: {}\n`,
  [layers.jobs.template]: 'Parameters:\n  Image: { Type: String, Default: web }\nResources: {}\n',
  [layers.pipeline.template]: 'Resources: {}\n',
  [layers.publication.template]: 'Parameters:\n  Channel: { Type: String, Default: stable }\nResources: {}\n',
  [layers.app.template]:
    `Parameters:\n${parameters('Owner', 'Project', 'Riglet', 'Environment', 'Repo', 'Branch', 'App', 'Foundation', 'Jobs', 'ImageId', 'Version', 'Commit', 'ListenerPriority', 'InstanceType', 'MinSize', 'MaxSize')}${optional('HostName')}Resources: {}\n`,
}
