/** A line of .make. `from` and `to`: where its value stands in it, quotes included; `comment`: what a setting is for. */
export type MakeLine =
  | {
      readonly type: 'setting'
      readonly name: string
      readonly value: string
      readonly from: number
      readonly to: number
    }
  | { readonly type: 'comment' }
  | { readonly type: 'fault' }

/**
 * NAME=value, also with `export` before it or `:=`. A `#` behind a space begins a comment, except between quotes that
 * enclose the whole value; these are dropped. Nothing is expanded. setup/need.awk reads by the same rule.
 */
export function readMakeLine(line: string): MakeLine {
  if (/^\s*(?:#.*)?$/s.test(line)) return { type: 'comment' }
  const head = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*:?=/.exec(line)
  if (head === null) return { type: 'fault' }
  const rest = line.slice(head[0].length)
  const quoted = /^\s*((["'])(.*?)\2)(?:\s+#.*|\s*)$/s.exec(rest)
  const text = quoted?.[1] ?? rest.replace(/\s#.*$/s, '').trim()
  // An empty value goes before the comment, or to the end of the line.
  const before = text === '' ? (/^[ \t]*(?=\r?$)/.exec(rest)?.[0].length ?? 0) : rest.indexOf(text)
  const from = head[0].length + before
  return { type: 'setting', name: head[1]!, value: quoted?.[3] ?? text, from, to: from + text.length }
}

const head = '# Settings of this riglet; .make.example says what each one means.\n'

/** As it has to stand, so that it is read as what it is. */
const written = (value: string): string =>
  /^["']|\s#|^\s|\s$/.test(value) ? (value.includes('"') ? `'${value}'` : `"${value}"`) : value

/** Adds what is missing to the text of .make: on the setting's own line if that is empty, or else at the end. */
export function withMissing(text: string | undefined, settings: Readonly<Record<string, string | undefined>>): string {
  const lines = (text ?? head).split('\n')
  const missing: string[] = []
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || value === '') continue
    const index = lines.findIndex((line) => {
      const read = readMakeLine(line)
      return read.type === 'setting' && read.name === name
    })
    const line = index < 0 ? undefined : readMakeLine(lines[index]!)
    if (line?.type !== 'setting') missing.push(`${name}=${written(value)}\n`)
    else if (line.value === '')
      lines[index] = lines[index]!.slice(0, line.from) + written(value) + lines[index]!.slice(line.to)
  }
  const present = lines.join('\n')
  const gap = present === '' || present.endsWith('\n') ? '' : '\n'
  return `${present}${gap}${missing.join('')}`
}
