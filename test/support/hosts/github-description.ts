import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'

type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: object }
type Reference = { readonly $ref: string }
type Operation = {
  readonly operationId: string
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, object | Reference>>
}
type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: unknown }>> }
}

const id = 'github'
const pointer = (...steps: readonly string[]): string =>
  `${id}#/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

/** GitHub's own description of these calls, as OpenAPI 3.0; extract-description.ts tells where it is from. */
export function readDescription() {
  const text = readFileSync(join(import.meta.dirname, 'github.openapi.json'), 'utf8')
  const description = JSON.parse(text) as Description
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: false })
  ajv.addSchema({ ...description, $id: id })
  // Words of a query are text, whatever they stand for.
  const ofQuery = new Ajv({ strict: false, allErrors: true, validateFormats: false, coerceTypes: true })
  const known = new Map<string, ValidateFunction>()
  const check = (at: string, value: unknown): readonly string[] => {
    const validate = known.get(at) ?? ajv.compile({ $ref: at })
    known.set(at, validate)
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
  const resolved = (parameter: Parameter | Reference): Parameter =>
    '$ref' in parameter
      ? (parameter.$ref
          .slice(2)
          .split('/')
          .reduce((node: unknown, step) => (node as Record<string, unknown>)[step], description) as Parameter)
      : parameter

  return {
    example: (name: string): unknown => structuredClone(description.components.examples[name]!.value),
    /** What is wrong with a request to an operation, by its path in the description. */
    faultsOfRequest: (path: string, method: string, query: Readonly<Record<string, string>>, body: unknown) => {
      const operation = description.paths[path]![method]!
      const parameters = (operation.parameters ?? []).map(resolved).filter((one) => one.in === 'query')
      const inQuery = {
        type: 'object',
        properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
        additionalProperties: false,
      }
      const validate = ofQuery.compile(inQuery)
      const faults = validate({ ...query }) ? [] : (validate.errors ?? []).map(({ message }) => `query: ${message}`)
      if (operation.requestBody === undefined) return body === undefined ? faults : [...faults, 'there is a body']
      const at = pointer('paths', path, method, 'requestBody', 'content', 'application/json', 'schema')
      const schema = operation.requestBody as { content: { 'application/json': { schema: { properties?: object } } } }
      const names = Object.keys(schema.content['application/json'].schema.properties ?? {})
      const strange = Object.keys(body as object).filter((name) => !names.includes(name))
      return [...faults, ...check(at, body), ...strange.map((name) => `${name} is not described`)]
    },
    faultsOfReply: (path: string, method: string, status: number, body: unknown): readonly string[] => {
      const reply = description.paths[path]![method]!.responses[String(status)]
      if (reply === undefined) return [`${status} is not described`]
      const steps =
        '$ref' in reply ? reply.$ref.split('/').slice(1) : ['paths', path, method, 'responses', String(status)]
      return check(pointer(...steps, 'content', 'application/json', 'schema'), body)
    },
  }
}
