const head = '# Settings of this riglet; .make.example says what each one means.\n'

/** Adds what is missing to the text of .make; what stands there already stays as it is. */
export function withMissing(text: string | undefined, settings: Readonly<Record<string, string | undefined>>): string {
  const present = text ?? head
  const missing = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && value !== '' && !new RegExp(`^\\s*${name}\\s*:?=`, 'm').test(present),
  )
  const gap = present === '' || present.endsWith('\n') ? '' : '\n'
  return `${present}${gap}${missing.map(([name, value]) => `${name}=${value}\n`).join('')}`
}
