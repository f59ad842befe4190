import type { NameRule } from '../name-rules.ts'
import { manifestRules as rules } from './rules.ts'

/** What the JSON Schemas of the files in manifests/ are made of. */

export const text = ({ pattern }: NameRule, description: string) => ({
  description,
  type: 'string',
  pattern: pattern.source,
})

export const listOf = (rule: NameRule, description: string) => ({
  description,
  type: 'array',
  items: { type: 'string', pattern: rule.pattern.source },
  minItems: 1,
  uniqueItems: true,
})

/** A mapping with these names alone; empty, it says nothing. */
export const only = (description: string, properties: object, required: readonly string[] = []) => ({
  description,
  type: required.length === 0 ? ['object', 'null'] : 'object',
  properties,
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
})

export const named = (rule: NameRule, description: string, what: string) => ({
  description,
  type: ['object', 'null'],
  propertyNames: { pattern: rule.pattern.source },
  additionalProperties: { $ref: `#/definitions/${what}` },
})

export const tagsOf = (name: NameRule, description: string) => ({
  description,
  type: ['object', 'null'],
  propertyNames: { pattern: name.pattern.source },
  additionalProperties: { type: 'string', pattern: rules.tagValue.pattern.source },
})

/** Another account, and the role there that lets this one in. */
export const account = (says: { readonly role: string; readonly regions: string }) => ({
  account: text(rules.accountId, 'Its twelve digits, in quotes: a leading zero would be lost.'),
  role: text(rules.role, says.role),
  externalId: text(rules.externalId, 'What its trust policy asks for besides.'),
  regions: listOf(rules.region, says.regions),
})
