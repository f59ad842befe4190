import fc from 'fast-check'
import { stringify } from 'yaml'

/** A template's parameters, as somebody means them. */
export type Meant = Readonly<Record<string, { readonly type: string; readonly value?: string; readonly words: string }>>

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,11}$/)
/** What looks like something else when it is not in quotes is among them. */
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    't3.small',
    '1.10',
    '010',
    'yes',
    'null',
    '~',
    '2010-09-09',
    '0x1F',
    '12:30:45',
    '*/index.html',
    '# x',
  ),
  fc.constantFrom(
    'a: b',
    '- a',
    '{a}',
    '[a]',
    '&a',
    '!Ref A',
    "it's",
    '"',
    '%d',
    '@',
    '`',
    ' x ',
    'Default: t3.small',
    '1_0',
  ),
  fc.integer().map(String),
)
const words = fc.constantFrom(
  'Size',
  'Default: t3.small',
  'what it was\nParameters:\n  X:\n    Default: y\n',
  'a # b',
  '',
)

export const meant: fc.Arbitrary<Meant> = fc.dictionary(
  name,
  fc.record(
    { type: fc.constantFrom('String', 'Number', 'CommaDelimitedList'), value, words },
    { requiredKeys: ['type', 'words'] },
  ),
  { maxKeys: 6, noNullPrototype: true },
)

type Style = {
  readonly json: boolean
  readonly indent: number
  readonly quotes: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'PLAIN' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED'
  readonly keys: 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'PLAIN'
  readonly flow: boolean
  readonly windows: boolean
  readonly mark: boolean
  readonly before: boolean
  readonly reversed: boolean
  readonly comments: readonly number[]
}

const style: fc.Arbitrary<Style> = fc.record({
  json: fc.boolean(),
  indent: fc.integer({ min: 2, max: 8 }),
  quotes: fc.constantFrom('QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
  keys: fc.constantFrom('QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN'),
  flow: fc.boolean(),
  windows: fc.boolean(),
  mark: fc.boolean(),
  before: fc.boolean(),
  reversed: fc.boolean(),
  comments: fc.array(fc.nat(40), { maxLength: 6 }),
})

/** The same template in one of the forms that YAML and JSON allow. */
export const inAnyForm = (meaning: Meant): fc.Arbitrary<string> => style.map((chosen) => write(meaning, chosen))

function write(meaning: Meant, { json, indent, reversed, before, ...rest }: Style): string {
  const parameters = Object.entries(meaning).map(([key, { type, value: fallback, words: Description }]) => {
    const members = Object.entries({
      Type: type,
      Description,
      ...(fallback === undefined ? {} : { Default: fallback }),
    })
    return [key, Object.fromEntries(reversed ? members.reverse() : members)] as const
  })
  const Parameters = Object.fromEntries(reversed ? parameters.reverse() : parameters)
  const Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { Default: 'x' } } }
  const template = before ? { Resources, Parameters } : { Parameters, Resources }
  const text = json
    ? JSON.stringify(template, undefined, indent === 2 ? '\t' : indent)
    : asYaml(template, textsIn(meaning), indent, rest)
  return `${rest.mark ? '\uFEFF' : ''}${rest.windows ? text.replaceAll('\n', '\r\n') : text}`
}

const textsIn = (meaning: Meant): string[] =>
  Object.values(meaning).flatMap(({ value: fallback = '', words: description }) => [fallback, description])

function asYaml(
  template: object,
  values: readonly string[],
  indent: number,
  { quotes, keys, flow, comments }: Omit<Style, 'json' | 'indent' | 'reversed' | 'before'>,
): string {
  const text = stringify(template, {
    // What reads as something else unquoted is put in quotes by itself: for this version of YAML.
    version: '1.1',
    // The writer numbers the indentation of a text that begins with a space, and takes it to be 2.
    indent: quotes.startsWith('BLOCK') ? 2 : indent,
    defaultStringType: quotes,
    defaultKeyType: keys,
    collectionStyle: flow ? 'flow' : 'any',
    lineWidth: 0,
  })
  // A comment may stand anywhere but within a text of several lines, where it would be part of it.
  if (values.some((each) => each.includes('\n')) || quotes.startsWith('BLOCK')) return `# Parameters:\n${text}`
  const lines = text.split('\n')
  for (const at of comments) {
    const line = lines[at % lines.length]!
    if (line.endsWith(':') || line.trimEnd() === '') lines[at % lines.length] = `${line} # Default: no\n# in column 0\n`
  }
  return lines.join('\n')
}
