/** Texts of templates as Checkov is to read them. Lines stay where they are: what it says of one is true of the file. */
import { isMap, isNode, isScalar, parseDocument } from 'yaml'

/**
 * Every condition holds. Checkov leaves out a resource whose condition it works out to be false, from the defaults of
 * parameters, and so never looks at it.
 */
export const withConditionsHolding = (text: string): string => {
  const conditions = parseDocument(text, { logLevel: 'silent' }).get('Conditions', true)
  if (!isMap(conditions)) return text
  return conditions.items.reduceRight((changed, { key, value }) => {
    const from = isScalar(key) ? key.range?.[1] : undefined
    const to = isNode(value) ? value.range?.[1] : undefined
    if (from === undefined || to === undefined) return changed
    return `${changed.slice(0, from)}: !Equals [a, a]${lineEnds(changed.slice(from, to))}${changed.slice(to)}`
  }, text)
}

const lineEnds = (text: string): string => text.replaceAll(/[^\n]/g, '')

/** Without its skips, in a comment or in Metadata, by any of the names that Checkov listens to. */
export const withoutSkips = (text: string): string => text.replaceAll(/\b(?:checkov|bridgecrew|cortex):/g, 'unheard:')
