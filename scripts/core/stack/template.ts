/** Bytes that CloudFormation takes in a request, and from a bucket.
 *  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const bodyLimit = 51_200
export const templateLimit = 1_048_576

/** Where CloudFormation's complaint points: the first line that holds a name which its words mention. */
export function placeOf(text: string, words: string): number | undefined {
  const names = [...words.matchAll(/[A-Za-z][A-Za-z0-9]{2,}/g)].map(([name]) => name)
  const bracketed = [...words.matchAll(/\[([^\]]+)\]|'([^']+)'/g)].flatMap(([, list, quoted]) =>
    (list ?? quoted ?? '').split(/[,\s/]+/),
  )
  const lines = text.split('\n')
  for (const name of [...bracketed, ...names.filter((word) => /[a-z][A-Z]/.test(word))]) {
    if (!/^[A-Za-z0-9]{3,}$/.test(name)) continue
    const index = lines.findIndex((line) => new RegExp(`(?:^\\s*|[\\s!$\\{"'.])${name}(?![A-Za-z0-9])`).test(line))
    if (index >= 0) return index + 1
  }
  return undefined
}
