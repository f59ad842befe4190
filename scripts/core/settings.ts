import { settingsFaults } from './catalogue/settings.ts'
import { nameRules, type NameRule } from './name-rules.ts'
import { type Environment, type Riglet, type Source } from './names.ts'

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
  EMAIL_ADDRESS: nameRules.email,
  CERTIFICATE_ARN: nameRules.certificate,
  HOST_NAME: nameRules.hostName,
  DIGEST: nameRules.digest,
  REASON: nameRules.text,
  MESSAGE: nameRules.text,
  COMMIT: nameRules.text,
  COMMIT_TAG: nameRules.text,
  EXECUTION_ID: nameRules.text,
  TESTS: nameRules.text,
  CHANGE_SET: nameRules.text,
  APP: nameRules.text,
  URL: nameRules.text,
  RIGLET: nameRules.text,
  REHEARSAL: nameRules.text,
  VPC_QUOTA: nameRules.number,
  INSTANCE_TYPE: nameRules.text,
  ROLL_OUT_ALARMS: nameRules.rollOutAlarms,
  ARTIFACTS_BUCKET: nameRules.text,
  KEY_ARN: nameRules.text,
  BUILD_SUBNET: nameRules.text,
  BUILD_SECURITY_GROUP: nameRules.text,
  BUILD: nameRules.text,
  YES: nameRules.yes,
  JSON: nameRules.yes,
} as const satisfies Record<string, NameRule>

export type SettingName = keyof typeof settingRules

/** Settings that a verb needs are strings; the others may be absent. */
export type Settings<Needed extends SettingName = never> = {
  readonly [Name in SettingName]?: string
} & { readonly [Name in Needed]: string }

export type Fault = { readonly where: string; readonly what: string }

type Found = { readonly value: string; readonly where: string }

export const isSetting = (word: string): word is SettingName => Object.hasOwn(settingRules, word)

const truth = (value: string | undefined): boolean => value !== undefined && /^(?:1|yes|true)$/i.test(value)

/** Lines of `.make`: NAME=value, comments and empty lines. Quotes around a value are dropped; nothing is expanded. */
export function parseMakeFile(text: string, file = '.make'): { found: Map<SettingName, Found>; faults: Fault[] } {
  const found = new Map<SettingName, Found>()
  const faults: Fault[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue
    const where = `${file}:${index + 1}`
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*:?=\s*(.*?)\s*$/.exec(line)
    if (!match) faults.push({ where, what: `not of the form NAME=value: ${line.trim().slice(0, 40)}` })
    else if (!isSetting(match[1]!)) faults.push({ where, what: `${match[1]} is not a setting; see .make.example` })
    else if (found.has(match[1]))
      faults.push({ where, what: `${match[1]} stands already at ${found.get(match[1])!.where}` })
    else found.set(match[1], { value: match[2]!.replace(/^(["'])(.*)\1$/, '$2'), where })
  }
  return { found, faults }
}

/** Words of the SDK and of CodeBuild for some of our settings, so that a build or a shell with them needs no `.make`. */
const otherWords: Partial<Record<SettingName, readonly string[]>> = {
  REGION: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  PROFILE: ['AWS_PROFILE'],
  BUILD: ['CODEBUILD_BUILD_ARN'],
}

/**
 * The environment wins over `.make`; empty values count as absent. Every fault is reported at once.
 * @throws RigletError SETTINGS
 */
export function readSettings<Needed extends SettingName>(
  needed: readonly Needed[],
  environment: Readonly<Record<string, string | undefined>>,
  makeFile: string | undefined,
): Settings<Needed> {
  const { found, faults } = parseMakeFile(makeFile ?? '')
  const settings: Partial<Record<SettingName, string>> = {}
  for (const name of Object.keys(settingRules) as SettingName[]) {
    const word = [name, ...(otherWords[name] ?? [])].find((candidate) => environment[candidate])
    const source = word === undefined ? found.get(name) : { value: environment[word]!, where: `${word} (environment)` }
    if (source === undefined || source.value === '') continue
    const rule: NameRule = settingRules[name]
    if (rule.pattern.test(source.value)) settings[name] = source.value
    else faults.push({ where: source.where, what: `${name}=${source.value.slice(0, 60)} is not ${rule.words}` })
  }
  const missing = needed.filter(
    (name) => settings[name] === undefined && !faults.some(({ what }) => what.startsWith(`${name}=`)),
  )
  if (faults.length > 0 || missing.length > 0) throw settingsFaults(faults, missing, makeFile === undefined)
  return settings as Settings<Needed>
}

export const rigletOf = (settings: Settings<'OWNER' | 'PROJECT'>): Riglet => ({
  owner: settings.OWNER,
  project: settings.PROJECT,
})

export const sourceOf = (settings: Settings<'REPO' | 'BRANCH'>): Source => ({
  repo: settings.REPO,
  branch: settings.BRANCH,
})

/** Validated by its rule already. */
export const environmentOf = (settings: Settings<'ENV'>): Environment => settings.ENV as Environment

export const saysYes = (settings: Settings): boolean => truth(settings.YES)
export const wantsJson = (settings: Settings): boolean => truth(settings.JSON)
