import { jsonIfAny } from '../../json.ts'
import { encodeVersion } from '../../names.ts'
import type { Fault } from '../../errors.ts'
import { faultsOf } from './packer-reasons.ts'
import { imageRules } from '../rules.ts'

/** What bake and verify must know of an image's own variables, from `packer/<image>/<image>.pkrvars.hcl`. */
export type ImageVariables = {
  readonly version: string
  readonly architecture: string
  readonly instanceType: string
}

export const variableNames = ['version', 'architecture', 'instance_type'] as const
export type VariableName = (typeof variableNames)[number]

/** As Packer reads them; absent is what nobody sets. */
export type Values = Readonly<Partial<Record<VariableName, unknown>>>

/** Where each is set, as `file:line`, and which are no text: what Packer says of packer/places.pkr.hcl. */
export type Places = { readonly at: ReadonlyMap<string, string>; readonly noText: ReadonlySet<string> }

export const placesFile = 'packer/places.pkr.hcl'

/** For `packer console`: one line in, one line out. */
export const questionFor = (names: readonly VariableName[]): string =>
  `jsonencode({${names.map((name) => `${name} = var.${name}`).join(', ')}})`

/** The console's answer; undefined when a value is not known, because nobody sets it. */
export function answered(lines: readonly string[]): Values | undefined {
  const answer = lines.find((line) => line.startsWith('{'))
  return answer === undefined ? undefined : (jsonIfAny(answer) as Values | undefined)
}

export function placesOf(lines: readonly string[]): Places {
  const [at, noText] = [new Map<string, string>(), new Set<string>()]
  for (const { where, what } of faultsOf(lines)) {
    const [, rule, name] = /: (This sets|No text for) (\w+)\./.exec(what) ?? []
    // What comes from the environment has no place, and is text to Packer.
    if (name === undefined || where === undefined || where.startsWith('<')) continue
    if (rule === 'This sets') at.set(name, where)
    else noText.add(name)
  }
  return { at, noText }
}

/** Every fault of the values, at once; `values` as Packer hands them to the image, `room` for the version in its name. */
export function variableFaults(values: Values, { at, noText }: Places, file: string, room?: number): Fault[] {
  return variableNames.flatMap((name) => {
    const value = values[name]
    const where = at.get(name) ?? file
    const rule = imageRules[name]
    if (value === undefined || value === null || value === '')
      return [{ where, what: `${name} is missing: it is ${rule.words}` }]
    if (noText.has(name) || typeof value !== 'string')
      return [{ where, what: `${name} is not in quotes, and to Packer it is ${JSON.stringify(value)}: quote it` }]
    if (!rule.pattern.test(value)) return [{ where, what: `${name} = ${shown(value)} is not ${rule.words}` }]
    const length = name === 'version' && room !== undefined ? encodeVersion(value).length : 0
    if (room === undefined || length <= room) return []
    const what = `${name} = ${shown(value)} makes the image's name longer than 128 characters`
    return [{ where, what: `${what}: it takes ${length} there, and ${room} are left` }]
  })
}

/** A value in a message: in quotes, on one line, and not without end. */
export const shown = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value)
