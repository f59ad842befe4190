import { templateFiles } from '../../scripts/core/wanted-stacks.ts'

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

/** Templates with nothing in them but their parameters. */
export const templates: Readonly<Record<string, string>> = {
  'package.json': '{ "version": "1.2.3" }',
  [templateFiles.foundation]: 'Resources: {}\n',
  [templateFiles.artifacts]: 'Resources: {}\n',
  [templateFiles.jobs]: 'Resources: {}\n',
  [templateFiles.pipeline]: 'Resources: {}\n',
  [templateFiles.app]: `Parameters:\n${parameters('Owner', 'Project', 'Environment', 'App', 'Foundation', 'ImageId', 'Version', 'Commit', 'ListenerPriority', 'InstanceType')}  MinSize: { Type: Number, Default: -1 }\nMappings:\n  Sizes:\n    staging: { InstanceType: t3.small }\nResources: {}\n`,
}
