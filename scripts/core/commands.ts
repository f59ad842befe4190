/** The commands that messages name: `make status-environment ENV=staging`. */
export type Commands = {
  readonly create: string
  readonly update: string
  readonly status: string
  readonly remove: string
  readonly recover: string
}

type Noun = 'environment' | 'pipeline' | 'publication' | 'app' | 'schedule'

export const commandOf = (verb: string, noun: Noun, words: Readonly<Record<string, string>>): string =>
  [`make ${verb}-${noun}`, ...Object.entries(words).map(([name, value]) => `${name}=${value}`)].join(' ')

export const commandsOf = (noun: Noun, words: Readonly<Record<string, string>>): Commands => ({
  create: commandOf('create', noun, words),
  update: commandOf('update', noun, words),
  status: commandOf('status', noun, words),
  remove: commandOf('delete', noun, words),
  recover: commandOf('recover', noun, words),
})
