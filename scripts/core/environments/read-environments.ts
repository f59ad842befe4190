import { Ajv, type ErrorObject } from 'ajv'
import { isAlias, isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import { environmentsFaults } from './errors.ts'
import { environments as allEnvironments } from '../names.ts'
import { settingRules } from '../settings/settings.ts'
import { appKeys, environmentsFile, type AppKey, type Declared, type Environments } from './app-settings.ts'
import { environmentsSchema } from './schema.ts'

type Fault = { readonly at: number; readonly what: string }
type Plain = Readonly<Record<string, string | number | null>>
type Content = {
  readonly environments?: Readonly<
    Record<string, { readonly apps?: Readonly<Record<string, Plain | null>> | null } | null>
  > | null
}

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
      { apps: Object.fromEntries(Object.entries(environment?.apps ?? {}).map(([app, said]) => [app, declared(said)])) },
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
  if (path.length < 5) return [{ at, what: `${key} must hold names with what they are` }]
  const { words } = settingRules[appKeys[key as AppKey]]
  const quoted = keyword === 'type' && typeof data === 'string' ? ', without quotes' : ''
  return [{ at, what: `${key}: ${JSON.stringify(data)} is not ${words}${quoted}` }]
}

const namesAt = ({ length }: readonly string[]): readonly string[] =>
  length === 0 ? ['environments'] : length === 1 ? allEnvironments : length === 2 ? ['apps'] : Object.keys(appKeys)

/** What no schema can say: which values must differ, and which must not be the greater one. */
function apart(document: Document, { environments }: Content): Fault[] {
  return Object.entries(environments ?? {}).flatMap(([environment, said]) => {
    const hosts = new Map<string, string>()
    return Object.entries(said?.apps ?? {}).flatMap(([app, values]) => {
      const path = ['environments', environment, 'apps', app]
      const { minSize, maxSize, hostName } = values ?? {}
      const faults: Fault[] = []
      if (typeof minSize === 'number' && typeof maxSize === 'number' && minSize > maxSize)
        faults.push({
          at: placeOf(document, [...path, 'minSize'], 'value'),
          what: `minSize: ${minSize} is more than maxSize, ${maxSize}`,
        })
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
  })
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
