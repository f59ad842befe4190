import { nameRules, type NameRule } from '../name-rules.ts'
import { manifestRules } from '../manifest/rules.ts'
import { environments as allEnvironments } from '../names.ts'
import { settingRules } from '../settings/settings.ts'
import { appKeys, environmentsFile, type AppKey, type Declared, type Environments } from './app-settings.ts'
import { environmentsSchema } from './schema.ts'
import { shapes } from '../shapes.ts'
import type { Fault } from '../yaml/places.ts'
import { readDocument, type Kind, type Places } from '../yaml/read-document.ts'

type Plain = Readonly<Record<string, string | number | null>>
type Said = {
  readonly cidr?: string
  readonly imageAge?: number | null
  readonly sizes?: Plain | null
  readonly apps?: Readonly<Record<string, Plain | null>> | null
}
type Content = { readonly environments?: Readonly<Record<string, Said | null>> | null }

/**
 * What the file says. It loads a parser and a validator: import it where there is such a file.
 * @throws RigletError SETTINGS with every fault, each with line and column
 */
export function readEnvironments(text: string): Environments {
  const { environments } = readDocument<Content>(text, kind) ?? {}
  return Object.fromEntries(
    Object.entries(environments ?? {}).map(([name, environment]) => [
      name,
      {
        cidr: environment?.cidr,
        ...(environment?.imageAge === undefined ? {} : { imageAge: environment.imageAge }),
        sizes: declared(environment?.sizes ?? null),
        apps: Object.fromEntries(Object.entries(environment?.apps ?? {}).map(([app, said]) => [app, declared(said)])),
      },
    ]),
  )
}

/** As settings have it, which are texts: null is empty. */
const declared = (said: Plain | null): Declared =>
  Object.fromEntries(Object.entries(said ?? {}).map(([key, value]) => [appKeys[key as AppKey], String(value ?? '')]))

/** What a value must look like; undefined: it holds names. */
function ruleAt(path: readonly string[]): NameRule | undefined {
  const [, , what, ...below] = path
  if (what === 'cidr') return nameRules.cidr
  if (what === 'imageAge') return manifestRules.days
  const key = what === 'sizes' ? below[0] : below[1]
  return key === undefined ? undefined : settingRules[appKeys[key as AppKey]]
}

const kind: Kind<Content> = {
  file: environmentsFile,
  code: 'SETTINGS',
  schema: environmentsSchema,
  valueRule: ruleAt,
  nameRule: () => ({ pattern: /./, words: 'REPO/BRANCH, such as shop/main' }),
  title: (path) => path.at(-1) ?? environmentsFile,
  apart: (content, places) => [...networksApart(content, places), ...appsApart(content, places)],
  remedy: 'docs/environments.schema.json tells editors what may stand there; docs/operating.md has an example.',
}

/** Blocks of one size overlap where they are the same. */
function networksApart({ environments }: Content, places: Places): Fault[] {
  const networks = allEnvironments.map((name) => ({ name, cidr: environments?.[name]?.cidr ?? shapes[name].cidr }))
  return networks.flatMap(({ name, cidr }) => {
    const other = networks.find((one) => one.name !== name && one.cidr === cidr)
    return other === undefined || environments?.[name]?.cidr === undefined
      ? []
      : [
          {
            at: places(['environments', name, 'cidr'], 'value'),
            what: `cidr: ${cidr} is that of ${other.name} already`,
          },
        ]
  })
}

function appsApart({ environments }: Content, places: Places): Fault[] {
  return Object.entries(environments ?? {}).flatMap(([environment, said]) => {
    const hosts = new Map<string, string>()
    const sizes = said?.sizes ?? {}
    const faultsOfApps = Object.entries(said?.apps ?? {}).flatMap(([app, values]) => {
      const path = ['environments', environment, 'apps', app]
      const hostName = values?.['hostName']
      const faults = sizeFault(path, values ?? {}, places, sizes)
      if (typeof hostName === 'string') {
        const other = hosts.get(hostName)
        if (other !== undefined)
          faults.push({
            at: places([...path, 'hostName'], 'value'),
            what: `hostName: ${hostName} is that of ${other} already`,
          })
        hosts.set(hostName, other ?? app)
      }
      return faults
    })
    return [...sizeFault(['environments', environment, 'sizes'], sizes, places), ...faultsOfApps]
  })
}

/** `beneath`: what holds where the values say nothing. */
function sizeFault(path: readonly string[], values: Plain, places: Places, beneath: Plain = {}): Fault[] {
  const { minSize, maxSize } = { ...beneath, ...values }
  const key = values['minSize'] === undefined ? 'maxSize' : 'minSize'
  if (typeof minSize !== 'number' || typeof maxSize !== 'number' || minSize <= maxSize || values[key] === undefined)
    return []
  const what =
    key === 'minSize' ? `${minSize} is more than maxSize, ${maxSize}` : `${maxSize} is less than minSize, ${minSize}`
  return [{ at: places([...path, key], 'value'), what: `${key}: ${what}` }]
}
