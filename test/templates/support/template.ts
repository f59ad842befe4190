import { readFile } from 'node:fs/promises'
import {
  isScalar,
  Pair,
  Scalar,
  YAMLMap,
  YAMLSeq,
  parseDocument,
  visit,
  type CollectionTag,
  type ScalarTag,
} from 'yaml'
import { shortForms } from '../../../scripts/core/stack/template/tags.ts'

/** What stands in a template: intrinsic functions in their long form, such as { 'Fn::Sub': '...' }. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }
export type Tree = { readonly [key: string]: Value }

export type Parameter = {
  readonly Type: string
  readonly Description?: string
  readonly Default?: string | number
  readonly AllowedValues?: readonly (string | number)[]
  readonly AllowedPattern?: string
  readonly ConstraintDescription?: string
  readonly MinValue?: number
  readonly MaxValue?: number
}
export type Resource = { readonly Type: string; readonly Condition?: string; readonly Properties?: Tree } & Tree
export type Output = { readonly Description?: string; readonly Value: Value; readonly Export?: { Name: Value } }
export type Template = {
  readonly Description: string
  readonly Metadata: Tree
  readonly Parameters: Readonly<Record<string, Parameter>>
  readonly Mappings?: Tree
  readonly Conditions?: Tree
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs: Readonly<Record<string, Output>>
}

export const layerTemplates = [
  'foundation',
  'artifacts',
  'jobs',
  'pipeline',
  'publication',
  'app-image',
  'group',
  'schedule',
] as const
/** What other accounts deploy, without riglet. */
export const accountTemplates = ['accounts/consumer', 'accounts/distribution'] as const
export const templateNames = [...layerTemplates, ...accountTemplates] as const
export type TemplateName = (typeof templateNames)[number]

const longForm = (name: string): string => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`)

/** `!GetAtt A.B` is the short form of a list of two. */
const scalarValue = (name: string, text: string): Value =>
  name === 'GetAtt' ? [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] : text

const scalarTag = (name: string): ScalarTag => ({
  tag: `!${name}`,
  resolve: (text) => ({ [longForm(name)]: scalarValue(name, text) }),
})

const collectionTag = (name: string, collection: 'seq' | 'map'): CollectionTag => ({
  tag: `!${name}`,
  collection,
  resolve: (found) => {
    const plain = collection === 'seq' ? new YAMLSeq() : new YAMLMap()
    plain.items.push(...(found.items as never[]))
    const map = new YAMLMap()
    map.items.push(new Pair(new Scalar(longForm(name)), plain))
    return map
  },
})

const customTags = shortForms.flatMap((name) => [
  scalarTag(name),
  collectionTag(name, 'seq'),
  collectionTag(name, 'map'),
])

export const templateFile = (name: TemplateName): string => `cloudformation/${name}.yaml`
export const readTemplate = (name: TemplateName): Promise<string> => readFile(templateFile(name), 'utf8')

const loaded = new Map<TemplateName, Promise<Template>>()

/** Parsed once: the templates are read only. */
export function loadTemplate(name: TemplateName): Promise<Template> {
  const known = loaded.get(name) ?? parse(name)
  loaded.set(name, known)
  return known
}

async function parse(name: TemplateName): Promise<Template> {
  const document = parseDocument(await readTemplate(name), { customTags })
  if (document.errors.length > 0) throw document.errors[0]!
  return document.toJS() as Template
}

/** What stands in lists, each with the comment above it. */
export async function commentsIn(name: TemplateName): Promise<{ value: string; comment: string }[]> {
  const found: { value: string; comment: string }[] = []
  visit(parseDocument(await readTemplate(name), { customTags }), {
    Seq: (_, list) =>
      list.items.forEach((item, index) => {
        if (!isScalar(item)) return
        const above = index === 0 ? (list.commentBefore ?? item.commentBefore) : item.commentBefore
        found.push({ value: String(item.value), comment: above ?? '' })
      }),
  })
  return found
}

/** Every object in a tree, with the keys that lead to it. */
export function* objectsIn(
  tree: Value,
  path: readonly string[] = [],
): Generator<{ path: readonly string[]; at: Tree }> {
  if (tree === null || typeof tree !== 'object') return
  if (!Array.isArray(tree)) yield { path, at: tree as Tree }
  for (const [key, inner] of Object.entries(tree)) yield* objectsIn(inner, [...path, key])
}
