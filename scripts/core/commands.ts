/** The commands that messages name: `make status-environment ENV=staging`. */
export type Commands = {
  readonly create: string
  readonly update: string
  readonly status: string
  readonly remove: string
}

export function commandsOf(
  noun: 'environment' | 'pipeline' | 'app',
  words: Readonly<Record<string, string>>,
): Commands {
  const rest = Object.entries(words)
    .map(([name, value]) => ` ${name}=${value}`)
    .join('')
  return {
    create: `make create-${noun}${rest}`,
    update: `make update-${noun}${rest}`,
    status: `make status-${noun}${rest}`,
    remove: `make delete-${noun}${rest}`,
  }
}
