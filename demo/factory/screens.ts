const width = 80

/** A command as it is typed, on lines that fit a terminal. */
export function typed(words: readonly string[]): string {
  const quoted = words.map((word) => (/[\s"$^]/.test(word) ? `'${word}'` : word))
  return fold(`$ ${quoted.join(' ')}`, '    ', ' \\')
}

/** Prose on lines that fit a terminal. */
export const prose = (text: string): string => fold(text.replaceAll(/\s+/g, ' ').trim(), '', '')

function fold(text: string, indent: string, end: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line.trim() !== '' && longer.length + end.length > width) {
      lines.push(`${line}${end}`)
      line = `${indent}${word}`
    } else line = longer
  }
  return [...lines, line].join('\n')
}

const most = 8

/** What is shown of a command's words: the lines that a pattern finds, or the last ones; cut where they are too long. */
export function shortened(lines: readonly string[], shows: RegExp | undefined): readonly string[] {
  const found = shows === undefined ? lines : lines.filter((line) => shows.test(line))
  const left = Math.max(0, found.length - most)
  const shown = shows === undefined ? found.slice(left) : found.slice(0, most)
  const cut = shown.map((line) => (line.length + 2 > width ? `  ${line.slice(0, width - 5)}...` : `  ${line}`))
  if (left === 0) return cut
  const more = `  (${left} more ${left === 1 ? 'line' : 'lines'})`
  return shows === undefined ? [more, ...cut] : [...cut, more]
}
