import type { Environment, Source } from '../names.ts'
import type { Settings } from '../settings/settings.ts'
import { stackSettings } from '../settings/stack-settings.ts'

/** In the root of the checkout; it may be missing. */
export const environmentsFile = 'environments.yaml'

type Parameter = keyof typeof stackSettings.app
/** A setting of an app as environments.yaml spells it: the template's parameter, its first letter small. */
export type AppKey = Uncapitalize<Parameter>
export type AppSetting = (typeof stackSettings.app)[Parameter]

/** Each by its key, with the setting that says the same on the command line and in `.make`. */
export const appKeys = Object.fromEntries(
  Object.entries(stackSettings.app).map(([name, setting]) => [`${name[0]!.toLowerCase()}${name.slice(1)}`, setting]),
) as Readonly<Record<AppKey, AppSetting>>

/** What the file says of one app: values as a setting has them, and empty ones, which go back to the default. */
export type Declared = { readonly [Name in AppSetting]?: string }

/** What the file says of an environment: its addresses, how old its images may be, what its apps begin with, and each of them. */
export type DeclaredEnvironment = {
  readonly cidr?: string | undefined
  /** Days that an image which runs there may be old; null: any number. */
  readonly imageAge?: number | null
  readonly sizes: Declared
  readonly apps: Readonly<Record<string, Declared>>
}

/** What environments.yaml says. */
export type Environments = { readonly [Name in Environment]?: DeclaredEnvironment }

/** Settings of an app that may be said for all apps of an environment at once. */
export const sizeKeys = ['instanceType', 'minSize', 'maxSize'] as const satisfies readonly AppKey[]

/** How the file names an app: a repository's name has no slash, so the first one parts them. */
export const appKey = ({ repo, branch }: Source): string => `${repo}/${branch}`

export const declaredOf = (environments: Environments, environment: Environment, source: Source): Declared => ({
  ...environments[environment]?.sizes,
  ...environments[environment]?.apps[appKey(source)],
})

/**
 * What is desired of an app: what was typed goes before the file, and that before a line of `.make`, which is one person's
 * own. What none of them names stays as the stack has it (core/stack/keep-earlier.ts).
 */
export const withDeclared = (settings: Settings, declared: Declared): Settings => {
  const typed = (name: string): boolean =>
    settings[name as AppSetting] !== undefined && settings.ofMakeFile?.includes(name as AppSetting) !== true
  return { ...settings, ...Object.fromEntries(Object.entries(declared).filter(([name]) => !typed(name))) }
}

/** Lines of `.make` that the file overrules, for a word to the person who wrote them. */
export const overruled = (settings: Settings, declared: Declared): readonly string[] =>
  (settings.ofMakeFile ?? []).filter((name) => {
    const said = declared[name as AppSetting]
    return said !== undefined && said !== settings[name]
  })
