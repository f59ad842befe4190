import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { LineCounter, parseDocument, type Document } from 'yaml'
import type { NameRule } from '../name-rules.ts'
import { fileFaults } from './errors.ts'
import { conflictMarks, mergeRemedy } from './conflict-marks.ts'
import { contentOf, formFaults, placeOf, type Fault, type Path } from './places.ts'

/** Where something of the file stands. */
export type Places = (path: Path, desired: 'key' | 'value') => number

/** A file that people write: what may stand in it, and how its faults are told. */
export type Kind<Content> = {
  readonly file: string
  readonly code: 'SETTINGS' | 'FILE'
  readonly schema: object
  /** What a value must look like; undefined: it holds names. */
  readonly valueRule: (path: Path) => NameRule | undefined
  /** What the names must look like that stand at the end of a path. */
  readonly nameRule: (path: Path) => NameRule | undefined
  /** How a message calls a value. */
  readonly title: (path: Path) => string
  /** What no schema can say; asked where the schema has nothing to say. */
  readonly apart: (content: Content, places: Places) => readonly Fault[]
  readonly remedy: string
}

/**
 * Reads YAML, of which JSON is a part, and holds it against its schema; undefined: nothing stands in it. It loads a parser
 * and a validator: import it where there is such a file.
 * @throws RigletError with every fault, each with line and column
 */
export function readDocument<Content>(text: string, kind: Kind<Content>): Content | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const refuse = (faults: readonly Fault[], remedy: string): void => {
    if (faults.length === 0) return
    const told = faults
      .toSorted((one, other) => one.at - other.at)
      .map(({ at, what }) => {
        const { line, col } = lines.linePos(at)
        return { place: `${kind.file}:${line}:${col}`, what }
      })
    throw fileFaults(kind.code, kind.file, told, remedy)
  }
  refuse(conflictMarks(text), mergeRemedy(kind.file))
  const { broken, twice } = formFaults(document)
  refuse(broken, kind.remedy)
  const content = contentOf(document)
  if ('fault' in content) refuse([content.fault], kind.remedy)
  else refuse(faultsOf(content.value, document, twice, kind), kind.remedy)
  return ('value' in content ? (content.value ?? undefined) : undefined) as Content | undefined
}

function faultsOf<Content>(
  content: unknown,
  document: Document,
  twice: readonly Fault[],
  kind: Kind<Content>,
): readonly Fault[] {
  if (content === null) return twice
  const validate = validatorOf(kind.schema)
  const places: Places = (path, desired) => placeOf(document, path, desired)
  if (validate(content)) return [...twice, ...kind.apart(content as Content, places)]
  return [...twice, ...(validate.errors ?? []).flatMap((error) => faultOf(error, places, kind))]
}

const validators = new WeakMap<object, ValidateFunction>()

/** Made once for each schema, which takes longer than to hold a file against it: manifests of hundreds of tags share theirs. */
function validatorOf(schema: object): ValidateFunction {
  const validate =
    validators.get(schema) ?? new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true }).compile(schema)
  validators.set(schema, validate)
  return validate
}

const stepsOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

type Schema = { readonly type?: string | readonly string[]; readonly properties?: object }

function faultOf<Content>(error: ErrorObject, places: Places, kind: Kind<Content>): readonly Fault[] {
  const { instancePath, keyword, data, propertyName } = error
  const path = stepsOf(instancePath)
  const params = error.params as Readonly<Record<string, string>>
  const schema = error.parentSchema as Schema
  // Said once more: of the mapping that the name stands in, or by the branch of the schema that was taken.
  if (keyword === 'if' || (propertyName !== undefined && keyword !== 'propertyNames')) return []
  switch (keyword) {
    case 'propertyNames': {
      const key = params['propertyName']!
      return [{ at: places([...path, key], 'key'), what: `${key} is not ${kind.nameRule(path)?.words ?? 'a name'}` }]
    }
    case 'additionalProperties': {
      const key = params['additionalProperty']!
      const known = Object.keys(schema.properties ?? {}).join(', ')
      return [{ at: places([...path, key], 'key'), what: `${key} is not known here; it may be ${known}` }]
    }
    case 'required':
      return [{ at: places(path, 'key'), what: `${kind.title(path)} has no ${params['missingProperty']!}` }]
    case 'uniqueItems': {
      const later = Math.max(Number(params['i']), Number(params['j']))
      return [{ at: places([...path, String(later)], 'value'), what: `${kind.title(path)}: this stands twice` }]
    }
    case 'minItems':
      return [{ at: places(path, 'value'), what: `${kind.title(path)} is empty` }]
  }
  const at = places(path, 'value')
  const title = path.length === 0 ? kind.file : kind.title(path)
  const words = kind.valueRule(path)?.words
  if (words === undefined)
    return [{ at, what: `${title} must ${schema.type === 'array' ? 'be a list' : 'hold names with what they are'}` }]
  const quoted = keyword === 'type' && typeof data === 'string' ? ', without quotes' : ''
  return [{ at, what: `${title}: ${JSON.stringify(data)} is not ${words}${quoted}` }]
}
