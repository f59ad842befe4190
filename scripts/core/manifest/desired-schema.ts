import { architectures } from '../image/base.ts'
import { consumerSchema } from './consumer.ts'
import { feedSchema } from './feed-schema.ts'
import { manifestRules as rules } from './rules.ts'
import { account, listOf, named, only, tagsOf, text } from './schema-parts.ts'

/**
 * The JSON Schema of manifests/images.yaml. Draft 07, which editors know best. docs/images.schema.json is this very value;
 * a test holds it.
 */
export const desiredSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'manifests/images.yaml: images to publish, and where',
  ...only('What is to be published; manifests/images.json says what is.', {
    accounts: named(rules.accountName, 'Other accounts, each by a name that images use.', 'account'),
    trusted: listOf(rules.role, "Roles of the riglet's own account that the other accounts' roles let in."),
    images: named(rules.image, 'Images, each by the name of its folder under packer/.', 'image'),
    share: named(rules.accountName, 'Images that are shared as they are, each by a name of your choice.', 'share'),
    consumer: consumerSchema,
  }),
  definitions: {
    account: only(
      'An account that publishes, or that images are shared with.',
      {
        ...account({
          role: 'Role there that lets this account in; who publishes needs it, and whom is shared with.',
          regions: 'Regions that it may have images in; what concerns it may name no others.',
        }),
        tags: tagsOf(rules.tag, 'Tags of every image that is shared with it.'),
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
      tags: tagsOf(rules.tag, 'Tags of every copy besides those of the candidate.'),
      waves: {
        description: 'Regions in groups, each done before the next begins; regions that none names come last.',
        type: 'array',
        items: { $ref: '#/definitions/wave' },
        minItems: 1,
      },
      feed: feedSchema,
    }),
    share: only(
      'Images that are shared as they are: by launch permission, with their tags.',
      {
        from: text(rules.accountName, "Whose images: a name below accounts. Default: the riglet's own account's."),
        match: only('Which images: all that is said has to fit.', {
          name: text(rules.nameFilter, 'A regular expression that is found in the name; ^ and $ bind it to the ends.'),
          tags: tagsOf(rules.tagName, 'Tags, each with the value that it must have.'),
        }),
        regions: listOf(rules.region, "Regions. Default: those of the account, or the riglet's own."),
        with: listOf(rules.accountName, 'Whom they are shared with: names below accounts.'),
        tags: tagsOf(rules.tag, "Tags besides those of the image; an account's own go before them."),
      },
      ['match', 'with'],
    ),
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
