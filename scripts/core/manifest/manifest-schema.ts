import { ec2Architectures, manifestRules as rules } from './rules.ts'

/**
 * The JSON Schema of manifests/images.json. Draft 07, which editors know best. docs/manifest.schema.json is this very
 * value; a test holds it.
 */
export const manifestSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'manifests/images.json: published images',
  description: 'What consumers may use: use case -> region -> AMI. riglet writes it.',
  type: 'object',
  propertyNames: { pattern: rules.useCase.pattern.source },
  additionalProperties: {
    description: 'One use case, by region.',
    type: 'object',
    propertyNames: { pattern: rules.region.pattern.source },
    additionalProperties: {
      description: 'An AMI, or a list of them, one for each architecture.',
      if: { type: 'array' },
      then: { type: 'array', items: { $ref: '#/definitions/entry' }, minItems: 1 },
      else: { $ref: '#/definitions/entry' },
    },
  },
  definitions: {
    entry: {
      description: 'One AMI.',
      type: 'object',
      properties: {
        architecture: { description: "EC2's name of it.", type: 'string', enum: [...ec2Architectures] },
        deprecation_time: {
          description: 'When it is deprecated, in UTC; null, or empty: never.',
          type: ['string', 'null'],
          pattern: rules.deprecation.pattern.source,
        },
        id: { description: 'Its id in this region.', type: 'string', pattern: rules.imageId.pattern.source },
        name: { description: 'Its name.', type: 'string', pattern: rules.amiName.pattern.source },
        public: { description: 'Whether everybody may use it.', type: 'boolean' },
      },
      required: ['architecture', 'deprecation_time', 'id', 'name', 'public'],
      additionalProperties: false,
    },
  },
}
