import type { LayerName } from '../names.ts'
import type { SettingName, Settings } from './settings.ts'

/**
 * What a person may set on a stack: its template's parameters that have defaults, and the setting that each is set by.
 * One rule for all of them: what was set once stays, a setting that has a value changes it, one that was typed empty
 * (`make plan-app HOST_NAME=`) takes it back to the template's default.
 */
export const stackSettings = {
  foundation: {
    CertificateArn: 'CERTIFICATE_ARN',
    HttpRedirect: 'HTTP_REDIRECT',
    EmailAddress: 'EMAIL_ADDRESS',
    InternalDomain: 'INTERNAL_DOMAIN',
    FlowLogs: 'FLOW_LOGS',
  },
  artifacts: { EmailAddress: 'EMAIL_ADDRESS', ArtifactDays: 'ARTIFACT_DAYS' },
  jobs: {
    Image: 'IMAGE',
    BuildImage: 'BUILD_IMAGE',
    LogDays: 'LOG_DAYS',
    BuilderTypes: 'BUILDER_TYPES',
    ArtifactDays: 'ARTIFACT_DAYS',
    SeparateApprover: 'SEPARATE_APPROVER',
    RequireWayBack: 'REQUIRE_WAY_BACK',
    CommitTag: 'COMMIT_TAG',
  },
  pipeline: { UpTo: 'UP_TO', RollBackOnSmoke: 'ROLL_BACK_ON_SMOKE' },
  publication: {
    Channel: 'CHANNEL',
    PromoteOnPublish: 'PROMOTE_ON_PUBLISH',
    BuildImage: 'BUILD_IMAGE',
    LogDays: 'LOG_DAYS',
    ArtifactDays: 'ARTIFACT_DAYS',
  },
  app: {
    HostName: 'HOST_NAME',
    InstanceType: 'INSTANCE_TYPE',
    MinSize: 'MIN_SIZE',
    MaxSize: 'MAX_SIZE',
    TargetCpu: 'TARGET_CPU',
    Port: 'APP_PORT',
    HealthCheckPath: 'HEALTH_CHECK_PATH',
  },
  /** manifests/groups.yaml says it all. */
  group: {},
  schedule: {
    DriftTimes: 'DRIFT_SCHEDULE',
    CleanTimes: 'CLEAN_SCHEDULE',
    StatusTimes: 'IMAGE_STATUS_SCHEDULE',
    FollowTimes: 'FOLLOW_SCHEDULE',
    TimeZone: 'TIME_ZONE',
    TagsUrl: 'TAGS_URL',
    BuildImage: 'BUILD_IMAGE',
    LogDays: 'LOG_DAYS',
    CommitTag: 'COMMIT_TAG',
  },
} as const satisfies Readonly<Record<LayerName, Readonly<Record<string, SettingName>>>>

type OfOneUpdate = Readonly<Record<string, { readonly setting: SettingName; readonly usual: string }>>

/** Of these nothing stays: where a setting does not say one for this very update, it goes back to its default. */
export const ofOneUpdate: { readonly [Layer in LayerName]?: OfOneUpdate } = {
  app: { RollOutAlarms: { setting: 'ROLL_OUT_ALARMS', usual: 'watch' } },
}

const usual = new Map(
  Object.values(ofOneUpdate)
    .flatMap(Object.entries)
    .map(([name, one]) => [name, one.usual]),
)

/** Whether it takes nothing back to ask for a parameter's default, as far as can be told without the template. */
export const isUsual = (parameter: string, value: string | undefined): boolean =>
  value === undefined || value === usual.get(parameter)

const names = new Set<SettingName>(Object.values(stackSettings).flatMap((ofLayer) => Object.values(ofLayer)))

/** Whether an empty value of it says something: these are kept by stacks, the others are gone with the call. */
export const isKeptByStacks = (name: SettingName): boolean => names.has(name)

const ofApp = new Set<SettingName>(Object.values(stackSettings.app))
export const isOfApp = (name: SettingName): boolean => ofApp.has(name)

/** What the settings say of a stack: parameters with their values, and those that go back to their defaults. */
export function saidOf(
  layer: LayerName,
  settings: Settings,
): { readonly parameters: Readonly<Record<string, string>>; readonly reset: readonly string[] } {
  const said = Object.entries(stackSettings[layer]).flatMap(([parameter, name]) => {
    const value = settings[name as SettingName]
    return value === undefined ? [] : [[parameter, value] as const]
  })
  const once = Object.entries(ofOneUpdate[layer] ?? {}).map(
    ([parameter, { setting, usual }]) =>
      [parameter, settings[setting] === usual ? '' : (settings[setting] ?? '')] as const,
  )
  const all = [...said, ...once]
  return {
    parameters: Object.fromEntries(all.filter(([, value]) => value !== '')),
    reset: all.flatMap(([parameter, value]) => (value === '' ? [parameter] : [])),
  }
}
