/** A JUnit report, as far as a verdict needs it. */
export type Checks = { readonly passed: number; readonly failures: readonly string[] }

/**
 * Reads goss's report. A check that was skipped proves nothing, so it counts with the failures. A report without a single
 * check is no report: a check that cannot fail proves nothing.
 */
export function readJunit(xml: string): Checks | undefined {
  const cases = [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)]
  if (cases.length === 0) return undefined
  const failures = cases.flatMap(([, attributes = '', body = '']) => {
    if (!/<(?:failure|error|skipped)\b/.test(body)) return []
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? 'a check'
    const text = /<(?:failure|error|skipped)\b[^>]*(?<!\/)>([\s\S]*?)<\//.exec(body)?.[1] ?? ''
    const why = text.trim() || (/<skipped\b/.test(body) ? 'did not run' : '')
    return [unescape(why === '' ? name : `${name}: ${why.split('\n').join(' ')}`)]
  })
  return { passed: cases.length - failures.length, failures }
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  '#34': '"',
  '#39': "'",
  '#xA': ' ',
}

const unescape = (text: string): string =>
  text.replaceAll(/<!\[CDATA\[|\]\]>/g, '').replaceAll(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)

export const inWords = ({ passed, failures }: Checks): string => `${passed} passed, ${failures.length} failed`
