import { feedRules } from '../feeds/feed.ts'
import { imageRules } from '../image/rules.ts'
import type { NameRule } from '../name-rules.ts'
import { wrongValue } from './errors.ts'

const rules = {
  FEED_URL: feedRules.url,
  PRODUCT: feedRules.product,
  MAJOR: { ...feedRules.major, words: feedRules.major.words.replace(', in quotes', '') },
  VERSION: imageRules.version,
} as const satisfies Record<string, NameRule>

type Given = { readonly [Name in keyof typeof rules]?: string | undefined }

/** These words are common in shells, so only the verbs that heed them look at what they hold. */
export const filterFaults = (given: Given): readonly string[] =>
  (Object.keys(rules) as (keyof typeof rules)[]).flatMap((name) => {
    const value = given[name]
    return value === undefined || rules[name].pattern.test(value)
      ? []
      : [`${name}=${JSON.stringify(value.slice(0, 60))} is not ${rules[name].words}`]
  })

/**
 * One version, or several with commas between them.
 * @throws RigletError SETTINGS
 */
export function versionsIn(text: string): readonly string[] {
  const versions = [...new Set(text.split(','))]
  const faults = versions.flatMap((VERSION) => filterFaults({ VERSION }))
  if (faults.length > 0) throw wrongValue(faults)
  return versions
}
