const head = '# Settings of this riglet; .make.example says what each one means.\n'

/** Adds what is missing to the text of .make: on the setting's own line if that is empty, or else at the end. */
export function withMissing(text: string | undefined, settings: Readonly<Record<string, string | undefined>>): string {
  let present = text ?? head
  const missing: string[] = []
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || value === '') continue
    if (!new RegExp(`^\\s*${name}\\s*:?=`, 'm').test(present)) missing.push(`${name}=${value}\n`)
    // Quotes with nothing between them are empty, too.
    const empty = new RegExp(`^([ \\t]*${name}[ \\t]*:?=[ \\t]*)(?:""|'')?[ \\t]*(?=\\r?$)`, 'm')
    present = present.replace(empty, (_, before: string) => before + value)
  }
  const gap = present === '' || present.endsWith('\n') ? '' : '\n'
  return `${present}${gap}${missing.join('')}`
}
