import type { NameRule } from '../name-rules.ts'
import { architectures } from '../image/base.ts'
import { manifestRules as rules } from './rules.ts'

const text = ({ pattern }: NameRule, description: string) => ({ description, type: 'string', pattern: pattern.source })

const listOf = (rule: NameRule, description: string) => ({
  description,
  type: 'array',
  items: { type: 'string', pattern: rule.pattern.source },
  minItems: 1,
  uniqueItems: true,
})

/** A mapping with these names alone; empty, it says nothing. */
const only = (description: string, properties: object, required: readonly string[] = []) => ({
  description,
  type: required.length === 0 ? ['object', 'null'] : 'object',
  properties,
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
})

const named = (rule: NameRule, description: string, what: string) => ({
  description,
  type: ['object', 'null'],
  propertyNames: { pattern: rule.pattern.source },
  additionalProperties: { $ref: `#/definitions/${what}` },
})

/**
 * The JSON Schema of manifests/images.yaml. Draft 07, which editors know best. docs/images.schema.json is this very value;
 * a test holds it.
 */
export const desiredSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'manifests/images.yaml: images to publish, and where',
  ...only('What is to be published; manifests/images.json says what is.', {
    accounts: named(rules.accountName, 'Other accounts, each by a name that images use.', 'account'),
    images: named(rules.image, 'Images, each by the name of its folder under packer/.', 'image'),
  }),
  definitions: {
    account: only(
      'An account that publishes, or that images are shared with.',
      {
        account: text(rules.accountId, 'Its twelve digits, in quotes: a leading zero would be lost.'),
        role: text(rules.role, 'Role there that lets this account in; only who publishes needs it.'),
        externalId: text(rules.externalId, 'What its trust policy asks for besides.'),
        regions: listOf(rules.region, 'Regions that it publishes in; its images may name no others.'),
      },
      ['account'],
    ),
    image: only('An image. What is left out has its default.', {
      aliases: listOf(rules.useCase, 'Older names of the use case, which find-image goes on to understand.'),
      architectures: {
        ...listOf(rules.architecture, 'Architectures that it is made for. Default: x86_64.'),
        items: { type: 'string', enum: architectures },
      },
      account: text(rules.accountName, "Who publishes it: a name below accounts. Default: the riglet's own account."),
      regions: listOf(
        rules.region,
        "Regions that it is published in. Default: those of its account, or the riglet's own.",
      ),
      public: { description: 'Whether everybody may use it. Default: false.', type: 'boolean' },
      shareWith: listOf(rules.consumer, 'Who may use it: accounts by name, and ARNs of organizations and their units.'),
      encryption: {
        description:
          "Whether copies are encrypted under the riglet's key of their region. Default: unless it is public.",
        type: 'boolean',
      },
      deprecation: {
        description: 'Days after publication from which it is deprecated. Default, and null: never.',
        type: ['integer', 'null'],
        minimum: 1,
        maximum: 3650,
      },
      tags: {
        description: 'Tags of every copy besides those of the candidate.',
        type: ['object', 'null'],
        propertyNames: { pattern: rules.tag.pattern.source },
        additionalProperties: { type: 'string', pattern: rules.tagValue.pattern.source },
      },
      waves: {
        description: 'Regions in groups, each done before the next begins; regions that none names come last.',
        type: 'array',
        items: { $ref: '#/definitions/wave' },
        minItems: 1,
      },
    }),
    wave: only(
      'Regions that are done together.',
      {
        regions: listOf(rules.region, 'The regions.'),
        pause: {
          description: 'Minutes from the newest copy of this wave on before the next one begins. Default: 0.',
          type: 'integer',
          minimum: 0,
          maximum: 10_080,
        },
        alarm: text(rules.alarm, "A CloudWatch alarm in the wave's regions: while it goes off, no other wave begins."),
      },
      ['regions'],
    ),
  },
}
