import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { NameRule } from '../../scripts/core/name-rules.ts'
import { readSettings, settingRules, type SettingName } from '../../scripts/core/settings/settings.ts'
import { variants } from '../support/variants.ts'
import { right } from './support/right-values.ts'
import { loadTemplate } from '../templates/support/template.ts'

type Shape = { readonly min?: number; readonly max?: number; readonly pattern?: string; readonly enum?: string[] }

/** A name is made of it, or a folder or a digest is found by it; nothing of it is sent as it stands. */
const nowhere = <Name extends SettingName>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, []])) as unknown as Readonly<Record<Name, readonly string[]>>

/** Where a setting goes: shapes of AWS's models as `service.Shape`, or parameters of templates as `file.Parameter`. */
const goes: Readonly<Record<SettingName, readonly string[]>> = {
  OWNER: ['cloudformation.TagValue', 'ssm.TagValue', 'foundation.Owner', 'artifacts.Owner', 'jobs.Owner', 'app.Owner'],
  PROJECT: ['cloudformation.TagValue', 'ssm.TagValue', 'foundation.Project', 'jobs.Project', 'app.Project'],
  ENV: ['cloudformation.TagValue', 'foundation.Environment', 'app.Environment'],
  REPO: ['codepipeline.ActionConfigurationValue', 'jobs.Repo'],
  BRANCH: ['codepipeline.ActionConfigurationValue', 'jobs.Branch'],
  IMAGE_ID: ['ec2.ImageId', 'app.ImageId'],
  CHANNEL: ['ssm.PSParameterName', 'publication.Channel'],
  MILESTONE: ['ssm.ParameterDescription'],
  // Both go nowhere: they are looked for in a file of this checkout.
  ARCH: [],
  MANIFEST: [],
  NAME_PATTERN: [],
  // Days to count with.
  KEEP_DAYS: [],
  DISABLED_DAYS: [],
  EMAIL_ADDRESS: ['foundation.EmailAddress', 'artifacts.EmailAddress'],
  CERTIFICATE_ARN: ['acm.Arn', 'elbv2.CertificateArn', 'foundation.CertificateArn'],
  HOST_NAME: ['app.HostName'],
  REASON: ['codepipeline.ApprovalSummary', 'ssm.ParameterDescription'],
  COMMIT: ['codebuild.ValueInput', 'cloudformation.TagValue', 'app.Commit'],
  COMMIT_TAG: ['codebuild.KeyInput', 'cloudformation.TagKey', 'ssm.TagKey'],
  EXECUTION_ID: ['codepipeline.PipelineExecutionId'],
  CHANGE_SET: ['cloudformation.ChangeSetName', 'cloudformation.ChangeSetNameOrId'],
  INSTANCE_TYPE: ['app.InstanceType'],
  ROLL_OUT_ALARMS: ['app.RollOutAlarms'],
  // Several with commas between them, of which each must be one that failed.
  SKIP: [],
  MIN_SIZE: ['app.MinSize'],
  MAX_SIZE: ['app.MaxSize'],
  TARGET_CPU: ['app.TargetCpu'],
  APP_PORT: ['app.Port'],
  HEALTH_CHECK_PATH: ['app.HealthCheckPath'],
  INTERNAL_DOMAIN: ['foundation.InternalDomain'],
  FLOW_LOGS: ['foundation.FlowLogs'],
  HTTP_REDIRECT: ['foundation.HttpRedirect'],
  ARTIFACT_DAYS: ['artifacts.ArtifactDays', 'jobs.ArtifactDays'],
  BUILD_IMAGE: ['jobs.BuildImage', 'schedule.BuildImage'],
  LOG_DAYS: ['jobs.LogDays', 'schedule.LogDays'],
  DRIFT_SCHEDULE: ['schedule.DriftTimes', 'scheduler.ScheduleExpression'],
  CLEAN_SCHEDULE: ['schedule.CleanTimes', 'scheduler.ScheduleExpression'],
  IMAGE_STATUS_SCHEDULE: ['schedule.StatusTimes', 'scheduler.ScheduleExpression'],
  FOLLOW_SCHEDULE: ['schedule.FollowTimes', 'scheduler.ScheduleExpression'],
  TIME_ZONE: ['schedule.TimeZone', 'scheduler.ScheduleExpressionTimezone'],
  TAGS_URL: ['schedule.TagsUrl'],
  ARTIFACTS_BUCKET: ['s3.BucketName'],
  SOURCE_BUCKET: ['s3.BucketName'],
  SOURCE_VERSION: ['s3.ObjectVersionId'],
  // Each of the list: CloudFormation holds the pattern against every item.
  BUILDER_TYPES: [],
  SEPARATE_APPROVER: ['jobs.SeparateApprover'],
  REQUIRE_WAY_BACK: ['jobs.RequireWayBack'],
  PROMOTE_ON_PUBLISH: ['publication.PromoteOnPublish'],
  KEY_ARN: ['kms.KeyIdType', 'ec2.KmsKeyId'],
  BUILD_SUBNET: ['ec2.SubnetId'],
  BUILD_SECURITY_GROUP: ['ec2.SecurityGroupId'],
  BUILD: ['codebuild.ValueInput', 'cloudformation.TagValue'],
  UP_TO: ['pipeline.UpTo'],
  ROLL_BACK_ON_SMOKE: ['pipeline.RollBackOnSmoke'],
  // What of a feed goes anywhere is held where it is read.
  ...nowhere('FEED_HOSTS', 'FEED_URL', 'PRODUCT', 'MAJOR', 'VERSION', 'BASE', 'TRACKER'),
  ...nowhere(
    'REGION',
    'PROFILE',
    'IMAGE',
    'DIGEST',
    'UNTIL',
    'TESTS',
    'APP',
    'NAME',
    'URL',
    'MESSAGE',
    'RIGLET',
    'VPC_QUOTA',
    'PLANNING',
    'TAKEN_BACK',
    'FROM',
    'TO',
    'SOURCE',
    'YES',
    'JSON',
    'METRIC_NAMESPACE',
  ),
}

const models = `
import json, sys
from botocore.loaders import Loader
loader, found = Loader(), {}
for name in json.load(sys.stdin):
    service, shape = name.split(".")
    found[name] = loader.load_service_model(service, "service-2")["shapes"][shape]
print(json.dumps(found))
`

describe('what a person gives, held against the limits of AWS', () => {
  const settings = (Object.keys(goes) as SettingName[]).filter((name) => goes[name].length > 0)
  const shapes: Record<string, Shape> = {}
  before(async () => {
    const templates = Object.fromEntries(
      await Promise.all(
        (['foundation', 'artifacts', 'jobs', 'pipeline', 'publication', 'app-image', 'schedule'] as const).map(
          async (name) => [name.replace('-image', ''), (await loadTemplate(name)).Parameters] as const,
        ),
      ),
    )
    const all = [...new Set(settings.flatMap((name) => goes[name])), 'ec2.InstanceType']
    const isTemplate = (name: string): boolean => name.split('.')[0]! in templates
    for (const name of all.filter(isTemplate)) {
      const [file, parameter] = name.split('.') as [string, string]
      const found = templates[file]![parameter] as unknown as Record<string, unknown> | undefined
      assert.ok(found, `${name} is no parameter`)
      shapes[name] = {
        pattern: (found['AllowedPattern'] as string | undefined) ?? '[^]*',
        max: Number(found['MaxLength'] ?? 4096),
        min: Number(found['MinLength'] ?? 0),
        ...(found['AllowedValues'] === undefined ? {} : { enum: (found['AllowedValues'] as unknown[]).map(String) }),
      }
    }
    const input = JSON.stringify(all.filter((name) => !isTemplate(name)))
    Object.assign(
      shapes,
      JSON.parse(
        execFileSync('rehearsal/.venv/bin/python', ['-c', models], { input, maxBuffer: 2 ** 26, encoding: 'utf8' }),
      ),
    )
  })

  const takes = ({ min = 0, max = Infinity, pattern, enum: values }: Shape, value: string): boolean =>
    // The longest way to count, and the shortest.
    value.length <= max &&
    [...value].length >= min &&
    (pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(value)) &&
    (values === undefined || values.includes(value))

  it('names for every setting where it goes', () => {
    assert.deepEqual(Object.keys(goes).sort(), Object.keys(settingRules).sort())
    assert.deepEqual(Object.keys(right).sort(), [...settings].sort())
  })

  for (const name of settings)
    it(`${name} is nothing that ${goes[name].join(', ')} would refuse`, () => {
      const rule: NameRule = settingRules[name]
      assert.ok(rule.pattern.test(right[name]!), 'the right value is refused')
      const taken = variants(right[name]!).filter((value) => rule.pattern.test(value))
      for (const place of goes[name])
        assert.deepEqual(
          taken
            .filter((value) => !takes(shapes[place]!, value))
            .map((value) => `${value.slice(0, 80)} (${value.length})`)
            .slice(0, 5),
          [],
          `${place}: ${JSON.stringify({ ...shapes[place], documentation: '', enum: '' })}`,
        )
    })

  it('takes a reason up to the last character that an approval keeps, however it is counted', () => {
    const given = (reason: string): string | undefined => readSettings([], { REASON: reason }, '').REASON
    assert.equal(given('r'.repeat(512)), 'r'.repeat(512))
    assert.equal(given('ä'.repeat(512)), 'ä'.repeat(512))
    for (const long of ['r'.repeat(513), 'r'.repeat(616), '\u{1f511}'.repeat(257)])
      assert.throws(
        () => given(long),
        /REASON \(environment\): REASON=.{60,}\.\.\. \(\d{3} characters\) is not one line of at most 512/,
      )
    for (const empty of ['  ', 'a\u0007b', 'a\nb']) assert.throws(() => given(empty), /is not one line/)
  })

  it('takes every instance type that EC2 has', () => {
    const types = shapes['ec2.InstanceType']!.enum!
    assert.ok(types.length > 500)
    assert.deepEqual(
      types.filter((type) => !settingRules.INSTANCE_TYPE.pattern.test(type)),
      [],
    )
  })

  it('lets no commit stand in the place of another tag of the image', () => {
    const tags = [...readFileSync('packer/web/image.pkr.hcl', 'utf8').matchAll(/^ {4}([A-Z]\w+) += /gm)].map(
      ([, tag]) => tag!,
    )
    assert.ok(tags.includes('Inputs'))
    for (const tag of [...tags, 'aws:x'])
      assert.throws(() => readSettings([], { COMMIT_TAG: tag }, ''), /COMMIT_TAG=/, tag)
    assert.equal(readSettings([], { COMMIT_TAG: 'Commit' }, '').COMMIT_TAG, 'Commit')
  })
})
