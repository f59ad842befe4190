import { nameRules } from '../name-rules.ts'
import { environments } from '../names.ts'
import { settingRules } from '../settings/settings.ts'
import { appKeys, sizeKeys, type AppKey } from './app-settings.ts'

/** What an editor shows of each, and the numbers among them; what a text must look like its setting's rule says. */
const described: Readonly<
  Record<AppKey, { readonly description: string; readonly minimum?: number; readonly maximum?: number }>
> = {
  hostName: { description: 'Host that the app answers for. Default: any host; one app of an environment may do so.' },
  instanceType: { description: "Type of the instances; it must suit the image's architecture." },
  minSize: { description: 'Fewest instances.', minimum: 0, maximum: 999 },
  maxSize: { description: 'Most instances, with room to launch before terminating.', minimum: 0, maximum: 999 },
  targetCpu: {
    description: 'Average CPU load in percent that the group is scaled to. 0 keeps its size as it is.',
    minimum: 0,
    maximum: 90,
  },
  port: { description: 'Port that the image answers HTTP on.', minimum: 1, maximum: 65535 },
  healthCheckPath: { description: 'Path that answers 200 once an instance can serve.' },
}

/** A rule's own source without its anchors, to stand in a longer pattern. */
const inner = ({ source }: RegExp): string => source.slice(1, -1)
/** REPO/BRANCH; the branch's rule looks ahead for what git forbids, so it stands whole behind the first slash. */
const appPattern = `^${inner(nameRules.repo.pattern)}/${inner(nameRules.branch.pattern)}$`

const property = (key: AppKey) => {
  const { description, ...bounds } = described[key]
  return 'minimum' in bounds
    ? { description, type: ['integer', 'null'], ...bounds }
    : { description, type: ['string', 'null'], pattern: settingRules[appKeys[key]].pattern.source }
}

/** A mapping with these names alone; empty, it says nothing. */
const only = (description: string, properties: object) => ({
  description,
  type: ['object', 'null'],
  properties,
  additionalProperties: false,
})

/**
 * The JSON Schema of environments.yaml, made of the rules that hold for the settings. Draft 07, which editors know best.
 * docs/environments.schema.json is this very value; a test holds it.
 */
export const environmentsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'environments.yaml: environments, and settings of apps in them',
  ...only('Settings that everybody deploys with, committed and released with the pipeline.', {
    environments: only(
      'By the name of the environment.',
      Object.fromEntries(environments.map((name) => [name, { $ref: '#/definitions/environment' }])),
    ),
  }),
  definitions: {
    environment: only('One environment.', {
      cidr: {
        description:
          'Addresses of its network; they cannot change while it is there. Default: as docs/operating.md has it.',
        type: 'string',
        pattern: nameRules.cidr.pattern.source,
      },
      imageAge: {
        description: 'Days that an image which runs there may be old; null: any number. Default: 90.',
        type: ['integer', 'null'],
        minimum: 1,
        maximum: 3650,
      },
      sizes: only(
        'What each of its apps has that says nothing else.',
        Object.fromEntries(sizeKeys.map((key) => [key, property(key)])),
      ),
      apps: {
        description: 'Its apps, each by REPO/BRANCH, the repository and branch that the image comes from.',
        type: ['object', 'null'],
        propertyNames: { pattern: appPattern },
        additionalProperties: { $ref: '#/definitions/app' },
      },
    }),
    app: only(
      'What is left out stays as it was set earlier; null takes it back to the default.',
      Object.fromEntries((Object.keys(appKeys) as AppKey[]).map((key) => [key, property(key)])),
    ),
  },
}
