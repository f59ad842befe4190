/** Fixed-width text: 80 columns, readable without colour. */

export const pad = (text: string, width: number): string => (text.length >= width ? text : text.padEnd(width))

/** Cuts the middle out: both ends of an id or an ARN tell more than its start alone. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const head = Math.ceil((width - 3) / 2)
  return `${text.slice(0, head)}...${text.slice(text.length - (width - 3 - head))}`
}

/** Breaks at spaces; a word longer than the line stays whole. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width - (lines.length === 0 ? 0 : indent.length)) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((each, index) => (index === 0 ? each : indent + each))
}

/** Columns as wide as their widest cell; the last one is left ragged. */
export function table(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column]! + gap)))
      .join('')
      .trimEnd(),
  )
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** 0:07, 12:40, 1:02:03. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

const codes = { danger: '31', add: '32', change: '33', dim: '2', strong: '1' } as const
export type Style = keyof typeof codes

export const paint = (text: string, style: Style, colour: boolean): string =>
  colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text

/** `AWS::EC2::NatGateway` as people say it: nat gateway. */
export const resourceWords = (type: string): string =>
  (type.split('::').at(-1) ?? type)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
