import { isAlias, isCollection, isMap, isScalar, visit, type Document, type Node, type Scalar } from 'yaml'

export type TemplateParameter = {
  readonly type: string
  /** Texts of its default: as YAML 1.1 reads it, and as it is written where that differs; none: it must be given. */
  readonly defaults: readonly string[]
  readonly noEcho: boolean
}

/** A name is text to CloudFormation, also one that YAML takes for a number. */
export const nameOf = (key: unknown): string => (isScalar(key) ? (key.source ?? String(key.value)) : '')

export const entriesOf = (node: unknown): [string, unknown][] =>
  isMap(node) ? node.items.map(({ key, value }) => [nameOf(key), value]) : []

export const memberOf = (node: unknown, name: string): Node | undefined =>
  entriesOf(node).find(([key]) => key === name)?.[1] as Node | undefined

export const textOf = (node: unknown): string | undefined => textsOf(node)[0]

/**
 * CloudFormation's YAML is that of version 1.1: unquoted, `010` is 8 to it, `yes` true and `1.10` the number 1.1. No page
 * says how it writes each of them back, so what is written counts as well.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
 */
function textsOf(node: unknown): string[] {
  if (!isScalar(node) || node.value === null) return []
  const read = String(node.value)
  return node.source === undefined || node.source === read ? [read] : [read, node.source]
}

export const parameterOf = (node: unknown): TemplateParameter => ({
  type: textOf(memberOf(node, 'Type')) ?? '',
  defaults: textsOf(memberOf(node, 'Default')),
  noEcho: textOf(memberOf(node, 'NoEcho'))?.toLowerCase() === 'true',
})

export type Word = {
  readonly text: string
  readonly tag: string | undefined
  readonly at: number
  readonly isKey: boolean
  readonly isAlias: boolean
  /** It tells people something: no fault of CloudFormation's is about it. */
  readonly isProse: boolean
}

/** All that is written in a document, in its order; a list or map only for its tag. */
export function scalarsOf(document: Document): Word[] {
  const found: Word[] = []
  const word = (node: { range?: readonly number[] | null | undefined }, text: string, more: Partial<Word>): Word => ({
    text,
    tag: undefined,
    at: node.range?.[0] ?? 0,
    isKey: false,
    isAlias: false,
    isProse: false,
    ...more,
  })
  visit(document, (key, node, path) => {
    if (isCollection(node) && node.tag !== undefined) found.push(word(node, '', { tag: node.tag }))
    else if (isAlias(node)) found.push(word(node, node.source, { isAlias: true }))
    else if (isScalar(node)) {
      const sections = path.flatMap((step) => ('key' in step ? [nameOf(step.key)] : []))
      found.push(
        word(node, key === 'key' ? nameOf(node) : String((node as Scalar).value), {
          tag: node.tag,
          isKey: key === 'key',
          isProse: sections[0] === 'Metadata' || (key !== 'key' && sections.at(-1) === 'Description'),
        }),
      )
    }
    return undefined
  })
  return found
}
