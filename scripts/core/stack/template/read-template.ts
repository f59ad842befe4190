import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { templateFault } from '../errors.ts'
import { isLookedUp, readsAnew } from './resolved-anew.ts'
import { entriesOf, memberOf, parameterOf, scalarsOf, textOf, type TemplateParameter } from './nodes.ts'
import { placesIn, type Place } from './places.ts'
import { templateTags } from './tags.ts'

/** What riglet knows of a template, YAML or JSON, in whatever form its author likes. */
export type Template = {
  readonly parameters: ReadonlyMap<string, TemplateParameter>
  /** Updating it looks something up: that may have changed, though nothing that is handed in has. */
  readonly resolvesAnew: boolean
  /** Where the deepest part of a path stands that is there. */
  readonly placeOfPath: (path: readonly string[]) => Place | undefined
  /** Where the first name stands that CloudFormation's words mention. */
  readonly placeOfWords: (words: string) => Place | undefined
}

const known = new Map<string, Template>()

/**
 * Reads a template's text, once, and is the only one that does. It loads the parser: import it where a template must be
 * read, not at start-up.
 * @throws RigletError TEMPLATE with file, line and column
 */
export function readTemplate(file: string, text: string): Template {
  const key = `${file}\n${text}`
  const template = known.get(key) ?? parse(file, text)
  known.set(key, template)
  return template
}

function parse(file: string, text: string): Template {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'yaml-1.1',
    customTags: templateTags,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const [first, ...others] = faultsOf(document).map(({ at, what }) => {
    const { line, column } = placeAt(at)
    return { place: `${file}:${line}:${column}`, what }
  })
  if (first !== undefined)
    throw templateFault(first.place, [first.what, ...others.map(({ place, what }) => `${place}: ${what}`)].join('\n'))

  const section = (name: string) => entriesOf(memberOf(document.contents, name))
  const parameters = new Map(section('Parameters').map(([name, node]) => [name, parameterOf(node)]))
  const resources = section('Resources').map(([, node]) => textOf(memberOf(node, 'Type')) ?? '')
  const scalars = scalarsOf(document)
  return {
    parameters,
    resolvesAnew:
      memberOf(document.contents, 'Transform') !== undefined ||
      [...resources, ...[...parameters.values()].map(({ type }) => type)].some(readsAnew) ||
      scalars.some(
        ({ isKey, tag, text: value }) =>
          tag === '!Transform' || (isKey ? value === 'Fn::Transform' : isLookedUp(value)),
      ),
    ...placesIn(document, placeAt),
  }
}

type Fault = { readonly at: number; readonly what: string }

/** Of faults in the form only the first: the others are mostly its consequences. */
function faultsOf(document: Document): Fault[] {
  const broken = document.errors[0] ?? document.warnings[0]
  if (broken !== undefined) return [{ at: broken.pos[0], what: broken.message }]
  const aliases = scalarsOf(document).filter(({ isAlias }) => isAlias)
  if (aliases.length > 0)
    return aliases.map(({ at, text }) => ({
      at,
      what: `*${text} is an alias to YAML, and CloudFormation takes none. If it is meant as text, put it in quotes.`,
    }))
  if (!isMap(document.contents)) return [{ at: 0, what: 'a template needs Resources' }]
  const faults: Fault[] = []
  for (const name of ['Parameters', 'Mappings', 'Resources']) {
    const node = memberOf(document.contents, name)
    const empty = node === undefined || (isScalar(node) && node.value === null)
    if (empty && name === 'Resources') faults.push({ at: 0, what: 'a template needs Resources' })
    if (!empty && !isMap(node))
      faults.push({ at: node?.range?.[0] ?? 0, what: `${name} must hold names with what they are` })
  }
  return faults
}
