/** The heading of several errors in one: `2 error(s) occurred:`, `1 error occurred:`, also behind other words. */
const heading = /^(?:\* )?(.*?)\s*\b\d+ errors?(?:\(s\))? occurred:$/

/**
 * Each error of a text in one line, whatever they were wrapped in:
 * https://github.com/hashicorp/packer-plugin-sdk/blob/v0.5.2/packer/multi_error.go
 */
export function flattened(text: readonly string[]): string[] {
  const errors: string[] = []
  let before = ''
  const lines = text.map((each) => each.trim()).filter((each) => each !== '')
  for (const line of lines) {
    const outer = heading.exec(line)
    if (outer) before = outer[1] === '' ? before : `${outer[1]} `
    else if (line.startsWith('* ')) errors.push(`${before}${line.slice(2)}`)
    else if (errors.length === 0) errors.push(`${before}${line}`)
    else errors.push(`${errors.pop()} ${line}`)
  }
  return errors.length === 0 && lines.length > 0 ? [lines.join(' ')] : errors
}

/** A summary and what stands below it: the errors of a list, each behind the summary; else all in one line. */
export function folded(text: readonly string[]): string[] {
  const lines = text.map((each) => each.trim()).filter((each) => each !== '')
  const list = lines.findIndex((line) => heading.test(line))
  const [summary = '', ...rest] = list < 0 ? lines : lines.slice(0, list)
  const head = rest.length === 0 ? summary : `${summary}: ${rest.join(' ')}`
  const errors = list < 0 ? [] : flattened(lines.slice(list))
  return errors.length === 0 ? [head] : errors.map((error) => (head === '' ? error : `${head}: ${error}`))
}
