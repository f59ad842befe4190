import assert from 'node:assert/strict'
import {
  commentsIn,
  layerTemplates,
  loadTemplate,
  objectsIn,
  readTemplate,
  templateFile,
  templateNames,
  type Tree,
  type Value,
} from './support/template.ts'

/** CloudFormation has no property for tags on these; `AWS::IAM::InstanceProfile` has one that it cannot update. */
const untaggable = new Set([
  'AWS::AutoScaling::ScalingPolicy',
  'AWS::EC2::Route',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::KMS::Alias',
  'AWS::S3::BucketPolicy',
  'AWS::Scheduler::Schedule',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
])

const tagKeys = (tags: Value | undefined): string[] =>
  Array.isArray(tags) ? tags.map((tag) => String((tag as Tree)['Key'])) : []

/** All lists of tags that a resource sets: Tags, HostedZoneTags, and the specifications of a launch template. */
const tagLists = (properties: Tree): Value[] =>
  [
    properties['Tags'],
    properties['HostedZoneTags'],
    ...[properties, (properties['LaunchTemplateData'] ?? {}) as Tree].flatMap((at) =>
      ((at['TagSpecifications'] ?? []) as Tree[]).map((specification) => specification['Tags']),
    ),
  ].filter((tags) => tags !== undefined)

const wellTagged = (properties: Tree): boolean => {
  const lists = tagLists(properties).map(tagKeys)
  return (
    lists.length > 0 && lists.every((keys) => ['Owner', 'Project', 'Environment'].every((key) => keys.includes(key)))
  )
}

/** A pattern holds for each value of a list.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
const allEach = (type: string, text: string | number): readonly string[] =>
  type === 'CommaDelimitedList' ? String(text).split(',') : [String(text)]

for (const name of templateNames) {
  describe(templateFile(name), () => {
    it('is small enough: what makes the bucket for long templates has to fit into a request', async () => {
      const { length } = Buffer.from(await readTemplate(name))
      const limit = name === 'artifacts' ? 51_200 : 1_048_576
      assert.ok(length <= limit, `${length} bytes, ${limit} are allowed`)
    })

    it('says what it is', async () => {
      const { Description } = await loadTemplate(name)
      assert.match(Description, /^\S.{20,200}$/)
    })

    it('describes and constrains every parameter', async () => {
      const { Parameters } = await loadTemplate(name)
      const loose = Object.entries(Parameters).filter(
        ([, { Type, Description = '', AllowedPattern, AllowedValues, MinValue, MaxValue }]) =>
          Description.length < 10 ||
          (Type === 'String' && AllowedPattern === undefined && AllowedValues === undefined) ||
          (Type === 'Number' && AllowedValues === undefined && (MinValue === undefined || MaxValue === undefined)),
      )
      assert.deepEqual(Object.keys(Object.fromEntries(loose)), [])
    })

    it('accepts its own defaults', async () => {
      const { Parameters } = await loadTemplate(name)
      const refused = Object.entries(Parameters).filter(
        ([, { Type, Default, AllowedPattern, AllowedValues }]) =>
          Default !== undefined &&
          ((AllowedPattern !== undefined &&
            !allEach(Type, Default).every((one) => new RegExp(`^(?:${AllowedPattern})$`).test(one))) ||
            (AllowedValues !== undefined && !AllowedValues.map(String).includes(String(Default)))),
      )
      assert.deepEqual(Object.keys(Object.fromEntries(refused)), [])
    })

    it('shows every parameter in a group', async () => {
      const { Metadata, Parameters } = await loadTemplate(name)
      const { ParameterGroups } = Metadata['AWS::CloudFormation::Interface'] as {
        ParameterGroups: { Label: { default: string }; Parameters: string[] }[]
      }
      const grouped = ParameterGroups.flatMap(({ Parameters: inGroup }) => inGroup)
      assert.deepEqual(grouped.toSorted(), Object.keys(Parameters).toSorted())
      assert.deepEqual(
        ParameterGroups.filter(({ Label }) => Label.default === ''),
        [],
      )
    })

    const ofLayer = layerTemplates.some((layer) => layer === name)

    it('keeps a digest that nothing uses, unless another account deploys it', async () => {
      if (!ofLayer) return assert.doesNotMatch(await readTemplate(name), /Digest/)
      const { Parameters, Resources } = await loadTemplate(name)
      assert.equal(Parameters['Digest']?.Default, '')
      assert.doesNotMatch(JSON.stringify(Resources), /"Ref":"Digest"/)
    })

    it('names its conditions Has...', async () => {
      const { Conditions = {} } = await loadTemplate(name)
      assert.deepEqual(
        Object.keys(Conditions).filter((condition) => !/^Has[A-Z]/.test(condition)),
        [],
      )
    })

    it('begins its outputs with TemplateId and StackName, describes them and exports by stack name', async () => {
      const { Outputs } = await loadTemplate(name)
      assert.deepEqual(Object.keys(Outputs).slice(0, 2), ['TemplateId', 'StackName'])
      assert.equal(Outputs['TemplateId']?.Value, `riglet/${name}`)
      for (const [output, { Description = '', Export }] of Object.entries(Outputs)) {
        assert.ok(Description.length > 5, `${output} is not described`)
        if (Export !== undefined) assert.deepEqual(Export.Name, { 'Fn::Sub': `\${AWS::StackName}-${output}` })
      }
    })

    it('tags everything with Owner, Project and Environment', async () => {
      const { Resources } = await loadTemplate(name)
      const bare = Object.entries(Resources)
        .filter(([, { Type, Properties = {} }]) => !untaggable.has(Type) && !wellTagged(Properties))
        .map(([id]) => id)
      assert.deepEqual(bare, [])
    })

    it('describes security groups and their rules in characters that EC2 takes', async () => {
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
      const allowed = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/
      const { Resources } = await loadTemplate(name)
      const refused = Object.entries(Resources)
        .filter(([, { Type }]) => Type.startsWith('AWS::EC2::SecurityGroup'))
        .flatMap(([, resource]) => [...objectsIn(resource)])
        .flatMap(({ at }) => [at['GroupDescription'], at['Description']])
        .filter((text) => text !== undefined && !(typeof text === 'string' && allowed.test(text)))
      assert.deepEqual(refused, [])
    })

    it('has no nested stack and no code of its own', async () => {
      const { Resources } = await loadTemplate(name)
      const types = Object.values(Resources).map(({ Type }) => Type)
      assert.deepEqual(
        types.filter((type) => /^(AWS::CloudFormation::|AWS::Lambda::|Custom::)/.test(type)),
        [],
      )
    })

    it('writes the whole account, region and partition by reference, never by value', async () => {
      const text = await readTemplate(name)
      assert.doesNotMatch(text, /\b\d{12}\b/)
      assert.doesNotMatch(text, /arn:aws:/)
      assert.doesNotMatch(text.replaceAll(/^\s*#.*$/gm, ''), /\b(?:us|eu|ap)-[a-z]+-\d\b/)
    })

    it('gives a reason beside every rule of cfn-lint that it ignores', async () => {
      const ignored = (await commentsIn(name)).filter(({ value }) => /^[EWI]\d{4}$/.test(value))
      assert.equal(ignored.length > 0, ofLayer)
      assert.deepEqual(
        ignored.filter(({ comment }) => comment.trim().length < 20),
        [],
      )
      const inMetadata = [...objectsIn((await loadTemplate(name)) as unknown as Value)].filter(
        ({ path }) => path.at(-1) === 'cfn-lint',
      )
      assert.ok(
        inMetadata.every(({ path }) => path.length === 2),
        'a resource ignores rules; say it once at the top',
      )
    })
  })
}
