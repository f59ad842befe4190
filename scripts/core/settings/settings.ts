import type { Fault } from '../errors.ts'
import { settingsFaults } from './errors.ts'
import { imageRules } from '../image/rules.ts'
import { readMakeLine } from './make-file.ts'
import { nameRules, type NameRule } from '../name-rules.ts'
import type { KeptNames } from '../stack/kept-names.ts'
import { type Environment, type Riglet, type Source } from '../names.ts'
import { isKeptByStacks, isOfApp } from './stack-settings.ts'

/** Every setting, by the word that stands in .make and in the environment. */
export const settingRules = {
  OWNER: nameRules.owner,
  PROJECT: nameRules.project,
  REGION: nameRules.region,
  PROFILE: nameRules.profile,
  ENV: nameRules.environment,
  REPO: nameRules.repo,
  BRANCH: nameRules.branch,
  IMAGE: nameRules.image,
  IMAGE_ID: nameRules.imageId,
  ARCH: nameRules.architectures,
  MANIFEST: nameRules.text,
  CHANNEL: nameRules.channel,
  MILESTONE: nameRules.milestone,
  KEEP_DAYS: nameRules.number,
  DISABLED_DAYS: nameRules.number,
  NAME_PATTERN: nameRules.text,
  EMAIL_ADDRESS: nameRules.email,
  CERTIFICATE_ARN: nameRules.certificate,
  HTTP_REDIRECT: nameRules.yesOrNo,
  HOST_NAME: nameRules.hostName,
  DIGEST: nameRules.digest,
  REASON: nameRules.reason,
  UNTIL: nameRules.time,
  MESSAGE: nameRules.text,
  COMMIT: imageRules.commit,
  COMMIT_TAG: imageRules.commitTag,
  EXECUTION_ID: nameRules.execution,
  TESTS: nameRules.text,
  PLANNING: nameRules.yes,
  UP_TO: nameRules.upTo,
  ROLL_BACK_ON_SMOKE: nameRules.rollBack,
  PROMOTE_ON_PUBLISH: nameRules.yesOrNo,
  TAKEN_BACK: nameRules.yes,
  /** Where something begins: a folder to push from, an image to compare with. Each verb looks at it by itself. */
  FROM: nameRules.text,
  TO: nameRules.text,
  SOURCE: nameRules.text,
  SOURCE_BUCKET: nameRules.bucket,
  SOURCE_VERSION: nameRules.text,
  CHANGE_SET: nameRules.changeSet,
  APP: nameRules.text,
  NAME: nameRules.text,
  URL: nameRules.url,
  RIGLET: nameRules.text,
  VPC_QUOTA: nameRules.number,
  INSTANCE_TYPE: imageRules.instance_type,
  SKIP: nameRules.resources,
  ROLL_OUT_ALARMS: nameRules.rollOutAlarms,
  MIN_SIZE: nameRules.size,
  MAX_SIZE: nameRules.size,
  TARGET_CPU: nameRules.percent,
  APP_PORT: nameRules.port,
  HEALTH_CHECK_PATH: nameRules.path,
  INTERNAL_DOMAIN: nameRules.domain,
  FLOW_LOGS: nameRules.yesOrNo,
  ARTIFACT_DAYS: nameRules.artifactDays,
  BUILD_IMAGE: nameRules.buildImage,
  LOG_DAYS: nameRules.logDays,
  BUILDER_TYPES: nameRules.instanceTypes,
  SEPARATE_APPROVER: nameRules.yesOrNo,
  REQUIRE_WAY_BACK: nameRules.yesOrNo,
  DRIFT_SCHEDULE: nameRules.schedule,
  CLEAN_SCHEDULE: nameRules.schedule,
  IMAGE_STATUS_SCHEDULE: nameRules.schedule,
  FOLLOW_SCHEDULE: nameRules.schedule,
  TIME_ZONE: nameRules.timeZone,
  TAGS_URL: nameRules.httpsUrl,
  METRIC_NAMESPACE: nameRules.text,
  ARTIFACTS_BUCKET: nameRules.bucket,
  KEY_ARN: imageRules.key,
  BUILD_SUBNET: imageRules.subnet,
  BUILD_SECURITY_GROUP: imageRules.securityGroup,
  BUILD: nameRules.build,
  FEED_HOSTS: nameRules.hosts,
  /** Held against their rules by the verbs of feeds alone: these words are common in shells. */
  FEED_URL: nameRules.text,
  PRODUCT: nameRules.text,
  MAJOR: nameRules.text,
  VERSION: nameRules.text,
  BASE: nameRules.text,
  TRACKER: nameRules.text,
  YES: nameRules.yes,
  JSON: nameRules.yes,
} as const satisfies Record<string, NameRule>

export type SettingName = keyof typeof settingRules

/**
 * Settings that a verb needs are strings; the others may be absent. Of those that a stack keeps, an empty one was typed
 * so: back to the default.
 */
export type Settings<Needed extends SettingName = never> = {
  readonly [Name in SettingName]?: string
} & { readonly [Name in Needed]: string } & {
  /** Not a setting: older names that are kept, once they were looked up. */
  readonly kept?: KeptNames
  /** Nor this: those of an app's settings that stand in `.make` alone; environments.yaml goes before them. */
  readonly ofMakeFile?: readonly SettingName[]
}

type Found = { readonly value: string; readonly where: string }

export const isSetting = (word: string): word is SettingName => Object.hasOwn(settingRules, word)

const truth = (value: string | undefined): boolean => value !== undefined && /^(?:1|yes|true)$/i.test(value)

/** Lines of `.make`, as core/make-file.ts reads each. */
export function parseMakeFile(text: string, file = '.make'): { found: Map<SettingName, Found>; faults: Fault[] } {
  const found = new Map<SettingName, Found>()
  const faults: Fault[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const read = readMakeLine(line)
    if (read.type === 'comment') continue
    const where = `${file}:${index + 1}`
    if (read.type === 'fault') faults.push({ where, what: `not of the form NAME=value: ${line.trim().slice(0, 40)}` })
    else if (!isSetting(read.name)) faults.push({ where, what: `${read.name} is not a setting; see .make.example` })
    else if (found.has(read.name))
      faults.push({ where, what: `${read.name} stands already at ${found.get(read.name)!.where}` })
    else found.set(read.name, { value: read.value, where })
  }
  return { found, faults }
}

/** Words of the SDK and of CodeBuild for some of our settings, so that a build or a shell with them needs no `.make`. */
const otherWords: Partial<Record<SettingName, readonly string[]>> = {
  REGION: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  PROFILE: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'],
  BUILD: ['CODEBUILD_BUILD_ARN'],
}

/** Of a long value its beginning and how long it is. */
const shown = (value: string): string =>
  value.length <= 60 ? value : `${value.slice(0, 60)}... (${value.length} characters)`
/** Where the Makefile and flags name what was typed with nothing behind its `=`. */
export const typedEmpty = 'TYPED_EMPTY'

/**
 * The environment wins over `.make`. An empty line of `.make`, and a variable that a shell or a build merely exports
 * empty, say nothing; what was typed empty has no value, whatever `.make` says. Every fault is reported at once.
 * @throws RigletError SETTINGS
 */
export function readSettings<Needed extends SettingName>(
  needed: readonly Needed[],
  environment: Readonly<Record<string, string | undefined>>,
  makeFile: string | undefined,
): Settings<Needed> {
  const { found, faults } = parseMakeFile(makeFile ?? '')
  const settings: Partial<Record<SettingName, string>> = {}
  const ofMakeFile: SettingName[] = []
  const emptied = new Set((environment[typedEmpty] ?? '').split(' '))
  for (const name of Object.keys(settingRules) as SettingName[]) {
    const word = [name, ...(otherWords[name] ?? [])].find((candidate) => environment[candidate])
    if (word === undefined && emptied.has(name)) {
      if (isKeptByStacks(name)) settings[name] = ''
      continue
    }
    const source = word === undefined ? found.get(name) : { value: environment[word]!, where: `${word} (environment)` }
    if (source === undefined || source.value === '') continue
    const rule: NameRule = settingRules[name]
    if (rule.pattern.test(source.value)) {
      settings[name] = source.value
      if (word === undefined && isOfApp(name)) ofMakeFile.push(name)
    } else faults.push({ where: source.where, what: `${name}=${shown(source.value)} is not ${rule.words}` })
  }
  const missing = needed.filter(
    (name) => settings[name] === undefined && !faults.some(({ what }) => what.startsWith(`${name}=`)),
  )
  if (faults.length > 0 || missing.length > 0) throw settingsFaults(faults, missing, makeFile === undefined)
  return { ...settings, ...(ofMakeFile.length === 0 ? {} : { ofMakeFile }) } as Settings<Needed>
}

export const rigletOf = (settings: Settings<'OWNER' | 'PROJECT'>): Riglet => ({
  owner: settings.OWNER,
  project: settings.PROJECT,
  ...(settings.kept?.riglet === undefined ? {} : { name: settings.kept.riglet }),
})

/** The tag of an image that names the commit it was made of. */
export const commitTagOf = ({ COMMIT_TAG }: Settings): string => COMMIT_TAG ?? 'Commit'

export const sourceOf = (settings: Settings<'REPO' | 'BRANCH'>): Source => ({
  repo: settings.REPO,
  branch: settings.BRANCH,
  ...(settings.kept?.app === undefined ? {} : { app: settings.kept.app }),
})

/** Validated by its rule already. */
export const environmentOf = (settings: Settings<'ENV'>): Environment => settings.ENV as Environment

export const saysYes = (settings: Settings): boolean => truth(settings.YES)
export const wantsJson = (settings: Settings): boolean => truth(settings.JSON)
