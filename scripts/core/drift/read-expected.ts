import { environments } from '../names.ts'
import { nameRules, type NameRule } from '../name-rules.ts'
import type { Fault } from '../yaml/places.ts'
import { readDocument, type Kind, type Places } from '../yaml/read-document.ts'
import { expectedFile, type ExpectedDrift } from './expected-drift.ts'
import { imagesPart } from './report.ts'

type Content = { readonly expected?: readonly ExpectedDrift[] | null }

const parts = [...environments, 'shared', imagesPart]

const rules = {
  subject: { pattern: /^\S(?:.{0,498}\S)?$/, words: 'what `make drift` names, with * for any characters' },
  environment: { pattern: new RegExp(`^(?:${parts.join('|')})$`), words: `one of ${parts.join(', ')}` },
  until: { pattern: /^\d{4}-\d{2}-\d{2}$/, words: 'a day such as 2026-12-24' },
  reason: nameRules.reason,
} as const satisfies Record<keyof ExpectedDrift, NameRule>

const described: Readonly<Record<keyof ExpectedDrift, string>> = {
  subject: 'What differs, as make drift names it. * stands for any characters.',
  environment: 'The part of the report that it stands in. Default: any.',
  until: 'The last day on which it is expected, in UTC.',
  reason: 'Why it is meant to be so.',
}

/**
 * The JSON Schema of expected-drift.yaml. Draft 07, which editors know best. docs/expected-drift.schema.json is this very
 * value; a test holds it.
 */
export const expectedSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'expected-drift.yaml: differences that are meant to be there for a while',
  type: ['object', 'null'],
  properties: {
    expected: {
      description: 'Each with a day on which it ends.',
      type: ['array', 'null'],
      items: {
        type: 'object',
        properties: Object.fromEntries(
          (Object.keys(rules) as (keyof ExpectedDrift)[]).map((key) => [
            key,
            { description: described[key], type: 'string', pattern: rules[key].pattern.source },
          ]),
        ),
        required: ['subject', 'until', 'reason'],
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
}

const kind: Kind<Content> = {
  file: expectedFile,
  code: 'FILE',
  schema: expectedSchema,
  valueRule: ([, , key]) => rules[key as keyof typeof rules],
  nameRule: () => undefined,
  title: (path) => path.join('.'),
  apart: ({ expected }, places) => daysApart(expected ?? [], places),
  remedy: 'docs/expected-drift.schema.json tells editors what may stand there; docs/operating.md has an example.',
}

/** No calendar has a 31 February. */
const daysApart = (expected: readonly ExpectedDrift[], places: Places): Fault[] =>
  expected.flatMap(({ until }, index) => {
    const day = new Date(`${until}T00:00:00Z`)
    if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(until)) return []
    const path = ['expected', String(index), 'until']
    return [{ at: places(path, 'value'), what: `${path.join('.')}: there is no day ${until}` }]
  })

/**
 * Which differences are expected. It loads a parser and a validator: import it where there is such a file.
 * @throws RigletError FILE with every fault, each with line and column
 */
export const readExpected = (text: string): readonly ExpectedDrift[] =>
  readDocument<Content>(text, kind)?.expected ?? []
