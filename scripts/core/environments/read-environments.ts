import { Ajv, type ErrorObject } from 'ajv'
import { isAlias, isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import { environmentsFaults } from './errors.ts'
import { nameRules, type NameRule } from '../name-rules.ts'
import { environments as allEnvironments } from '../names.ts'
import { settingRules } from '../settings/settings.ts'
import { appKeys, environmentsFile, sizeKeys, type AppKey, type Declared, type Environments } from './app-settings.ts'
import { environmentsSchema } from './schema.ts'
import { shapes } from '../shapes.ts'

type Fault = { readonly at: number; readonly what: string }
type Plain = Readonly<Record<string, string | number | null>>
type Said = {
  readonly cidr?: string
  readonly sizes?: Plain | null
  readonly apps?: Readonly<Record<string, Plain | null>> | null
}
type Content = { readonly environments?: Readonly<Record<string, Said | null>> | null }

/**
 * What the file says. It loads a parser and a validator: import it where there is such a file.
 * @throws RigletError SETTINGS with every fault, each with line and column
 */
export function readEnvironments(text: string): Environments {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const faults = faultsOf(document)
  if (faults.length > 0)
    throw environmentsFaults(
      environmentsFile,
      faults
        .toSorted((one, other) => one.at - other.at)
        .map(({ at, what }) => {
          const { line, col } = lines.linePos(at)
          return { place: `${environmentsFile}:${line}:${col}`, what }
        }),
    )
  const { environments } = (document.toJS() ?? {}) as Content
  return Object.fromEntries(
    Object.entries(environments ?? {}).map(([name, environment]) => [
      name,
      {
        cidr: environment?.cidr,
        sizes: declared(environment?.sizes ?? null),
        apps: Object.fromEntries(Object.entries(environment?.apps ?? {}).map(([app, said]) => [app, declared(said)])),
      },
    ]),
  )
}

/** As settings have it, which are texts: null is empty. */
const declared = (said: Plain | null): Declared =>
  Object.fromEntries(Object.entries(said ?? {}).map(([key, value]) => [appKeys[key as AppKey], String(value ?? '')]))

/** Of faults in the form only the first: the others are mostly its consequences. Keys that stand twice are none of these. */
function faultsOf(document: Document): Fault[] {
  const told = [...document.errors, ...document.warnings]
  const broken = told.find(({ code }) => code !== 'DUPLICATE_KEY')
  if (broken !== undefined) return [{ at: broken.pos[0], what: broken.message }]
  const lost = unresolvedIn(document)
  if (lost.length > 0) return lost
  const twice = told.map(({ pos }) => ({ at: pos[0], what: 'this key stands already above' }))
  const content: unknown = document.toJS()
  if (content === null) return twice
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true }).compile(environmentsSchema)
  if (validate(content)) return [...twice, ...apart(document, content as Content)]
  return [...twice, ...(validate.errors ?? []).flatMap((error) => faultOf(document, error))]
}

function unresolvedIn(document: Document): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        faults.push({ at: alias.range?.[0] ?? 0, what: `nothing above is called &${alias.source}` })
    },
  })
  return faults
}

function faultOf(document: Document, { instancePath, keyword, params, data, propertyName }: ErrorObject): Fault[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  // Said once more, of the mapping that the name stands in.
  if (propertyName !== undefined && keyword !== 'propertyNames') return []
  if (keyword === 'propertyNames') {
    const key = (params as { propertyName: string }).propertyName
    return [{ at: placeOf(document, [...path, key], 'key'), what: `${key} is not REPO/BRANCH, such as shop/main` }]
  }
  if (keyword === 'additionalProperties') {
    const key = (params as { additionalProperty: string }).additionalProperty
    const at = placeOf(document, [...path, key], 'key')
    return [{ at, what: `${key} is not known here; it may be ${namesAt(path).join(', ')}` }]
  }
  const at = placeOf(document, path, 'value')
  const key = path.at(-1) ?? environmentsFile
  const rule = ruleAt(path)
  if (rule === undefined) return [{ at, what: `${key} must hold names with what they are` }]
  const { words } = rule
  const quoted = keyword === 'type' && typeof data === 'string' ? ', without quotes' : ''
  return [{ at, what: `${key}: ${JSON.stringify(data)} is not ${words}${quoted}` }]
}

/** What a value must look like; undefined: it holds names. */
function ruleAt(path: readonly string[]): NameRule | undefined {
  const [, , what, ...below] = path
  if (what === 'cidr') return nameRules.cidr
  const key = what === 'sizes' ? below[0] : below[1]
  return key === undefined ? undefined : settingRules[appKeys[key as AppKey]]
}

const namesAt = (path: readonly string[]): readonly string[] =>
  [['environments'], allEnvironments, ['cidr', 'sizes', 'apps']][path.length] ??
  (path[2] === 'sizes' ? sizeKeys : Object.keys(appKeys))

/** What no schema can say: which values must differ, and which must not be the greater one. */
const apart = (document: Document, content: Content): Fault[] => [
  ...networksApart(document, content),
  ...appsApart(document, content),
]

/** Blocks of one size overlap where they are the same. */
function networksApart(document: Document, { environments }: Content): Fault[] {
  const networks = allEnvironments.map((name) => ({ name, cidr: environments?.[name]?.cidr ?? shapes[name].cidr }))
  return networks.flatMap(({ name, cidr }) => {
    const other = networks.find((one) => one.name !== name && one.cidr === cidr)
    return other === undefined || environments?.[name]?.cidr === undefined
      ? []
      : [
          {
            at: placeOf(document, ['environments', name, 'cidr'], 'value'),
            what: `cidr: ${cidr} is that of ${other.name} already`,
          },
        ]
  })
}

function appsApart(document: Document, { environments }: Content): Fault[] {
  return Object.entries(environments ?? {}).flatMap(([environment, said]) => {
    const hosts = new Map<string, string>()
    const sizes = said?.sizes ?? {}
    const faultsOfApps = Object.entries(said?.apps ?? {}).flatMap(([app, values]) => {
      const path = ['environments', environment, 'apps', app]
      const hostName = values?.['hostName']
      const faults = sizeFault(document, path, values ?? {}, sizes)
      if (typeof hostName === 'string') {
        const other = hosts.get(hostName)
        if (other !== undefined)
          faults.push({
            at: placeOf(document, [...path, 'hostName'], 'value'),
            what: `hostName: ${hostName} is that of ${other} already`,
          })
        hosts.set(hostName, other ?? app)
      }
      return faults
    })
    return [...sizeFault(document, ['environments', environment, 'sizes'], sizes), ...faultsOfApps]
  })
}

/** `beneath`: what holds where the values say nothing. */
function sizeFault(document: Document, path: readonly string[], values: Plain, beneath: Plain = {}): Fault[] {
  const { minSize, maxSize } = { ...beneath, ...values }
  const key = values['minSize'] === undefined ? 'maxSize' : 'minSize'
  if (typeof minSize !== 'number' || typeof maxSize !== 'number' || minSize <= maxSize || values[key] === undefined)
    return []
  const what =
    key === 'minSize' ? `${minSize} is more than maxSize, ${maxSize}` : `${maxSize} is less than minSize, ${minSize}`
  return [{ at: placeOf(document, [...path, key], 'value'), what: `${key}: ${what}` }]
}

/** Where the last step of a path stands, or what it holds. */
function placeOf(document: Document, path: readonly string[], desired: 'key' | 'value'): number {
  let node: unknown = document.contents
  let at = 0
  for (const [index, step] of path.entries()) {
    const map = isAlias(node) ? node.resolve(document) : node
    const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && String(key.value) === step) : undefined
    if (pair === undefined) break
    const key = (pair.key as Node).range?.[0] ?? at
    at = index === path.length - 1 && desired === 'value' ? ((pair.value as Node | null)?.range?.[0] ?? key) : key
    node = pair.value
  }
  return at
}
