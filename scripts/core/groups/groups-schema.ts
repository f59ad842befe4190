import { environments } from '../names.ts'
import { manifestRules as rules } from '../manifest/rules.ts'
import { account, listOf, named, only, tagsOf, text } from '../manifest/schema-parts.ts'

const whole = (description: string, maximum: number) => ({ description, type: 'integer', minimum: 0, maximum })

/**
 * The JSON Schema of manifests/groups.yaml. Draft 07, which editors know best. docs/groups.schema.json is this very value;
 * a test holds it.
 */
export const groupsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'manifests/groups.yaml: Auto Scaling groups, and the repositories that they follow',
  ...only('Groups, each of which runs the image that was built for what its ref names.', {
    accounts: named(rules.accountName, 'Other accounts, each by a name that groups use.', 'account'),
    groups: named(rules.group, 'Groups by their names.', 'group'),
  }),
  definitions: {
    account: only(
      'An account in which groups are.',
      account({
        role: 'Role there that lets this account in, and changes the groups.',
        regions: 'Regions in which groups may be. Default: any.',
      }),
      ['account', 'role'],
    ),
    group: only(
      'A group. What is left out has its default.',
      {
        environment: { description: 'Which environment it is of.', type: 'string', enum: [...environments] },
        account: text(rules.accountName, "Where it is: a name below accounts. Default: the riglet's own account."),
        region: text(rules.region, "Where it is. Default: the riglet's region."),
        repo: { $ref: '#/definitions/repo' },
        build: { $ref: '#/definitions/build' },
        tags: tagsOf(rules.filter, 'Tags that its images must carry besides the one of the commit.'),
        instanceType: text(rules.instanceType, "Type of its instances. Default: the environment's."),
        minSize: whole("Fewest instances. Default: the environment's.", 999),
        maxSize: whole("Most instances, with room to launch before terminating. Default: the environment's.", 999),
        subnets: listOf(rules.subnet, 'Subnets that its instances are launched in.'),
        securityGroups: listOf(rules.securityGroup, 'Security groups of its instances.'),
        instanceProfile: text(rules.instanceProfile, 'Instance profile of its instances. Default: none.'),
        targetGroups: listOf(rules.targetGroup, 'Target groups that its instances are registered with. Default: none.'),
        warmup: whole('Seconds that a new instance gets before it counts. Default: 120.', 3600),
      },
      ['environment', 'repo', 'subnets', 'securityGroups'],
    ),
    build: only(
      'The pipeline that builds its images: only while it runs the group may keep its image for a commit that has none yet.',
      {
        pipeline: text(rules.pipeline, 'Its name in CodePipeline.'),
        account: text(rules.accountName, "Where it is: a name below accounts. Default: the riglet's own account."),
        region: text(rules.region, "Where it is. Default: the riglet's region."),
      },
      ['pipeline'],
    ),
    repo: only(
      'The repository that it follows.',
      {
        url: text(rules.repositoryUrl, 'Its address, by https, ssh or file.'),
        ref: text(rules.ref, 'A branch or tag, which is followed, or a whole commit, which pins.'),
        tagName: text(rules.commitTag, 'The tag of an image that holds its commit. Default: Commit.'),
      },
      ['url', 'ref'],
    ),
  },
}
