import type { ParseError } from 'jsonc-parser'
import { fileFault } from './errors.ts'

/** What a piece of JSON must be: `is` tells, `what` says it in words. */
export type Shape<Value> = { readonly is: (value: unknown) => value is Value; readonly what: string }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object with at least these members, each a text. */
export const withTexts = <Name extends string>(...names: readonly Name[]): Shape<Readonly<Record<Name, string>>> => ({
  is: (value): value is Readonly<Record<Name, string>> =>
    isRecord(value) && names.every((name) => typeof value[name] === 'string'),
  what: `an object with ${names.join(', ')} as text`,
})

/** Names with a text each. */
export const texts: Shape<Readonly<Record<string, string>>> = {
  is: (value): value is Readonly<Record<string, string>> =>
    isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
  what: 'an object of texts',
}

/** An object whose members were made by riglet itself, or are told apart by whoever asked. */
export const anObject = <Value>(...names: readonly string[]): Shape<Value> => ({
  is: (value): value is Value => isRecord(value) && names.every((name) => name in value),
  what: names.length === 0 ? 'an object' : `an object with ${names.join(', ')}`,
})

/** What was always one may be a list of several. */
export const oneOrSeveral = <Value>({ is, what }: Shape<Value>): Shape<Value | readonly Value[]> => ({
  is: (value): value is Value | readonly Value[] => (Array.isArray(value) ? value.every(is) : is(value)),
  what,
})

/**
 * Reads JSON of a file, an object or a command, which `where` names.
 * @throws RigletError FILE with line and column where it is none, or what it should be where it is something else
 */
export async function readJson<Value>(
  where: string,
  text: string,
  shape: Shape<Value>,
  remedy?: string,
): Promise<Value> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const { place, what } = await faultIn(text)
    throw fileFault(`${where}${place}`, `it is not JSON: ${what}`, error, remedy)
  }
  if (!shape.is(value)) throw fileFault(where, `it must be ${shape.what}`, undefined, remedy)
  return value
}

/** Where somebody answers who need not speak JSON. */
export function jsonIfAny(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** JSON.parse names a place in some of its messages only; the parser that always does is loaded when there is a fault. */
async function faultIn(text: string): Promise<{ readonly place: string; readonly what: string }> {
  if (text.startsWith('\uFEFF'))
    return { place: ':1:1', what: 'it begins with a byte-order mark; save it as UTF-8 without one' }
  const { parse, printParseErrorCode } = await import('jsonc-parser')
  const faults: ParseError[] = []
  try {
    parse(text, faults, { disallowComments: true, allowTrailingComma: false })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { place: '', what: 'it is nested too deeply' }
  }
  const [first] = faults
  const before = text.slice(0, first?.offset).split('\n')
  const words = first === undefined ? 'no value' : printParseErrorCode(first.error)
  return {
    place: `:${before.length}:${before.at(-1)!.length + 1}`,
    what: text.trim() === '' ? 'it is empty' : words.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase(),
  }
}
