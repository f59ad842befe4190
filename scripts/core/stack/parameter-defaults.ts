/**
 * Names of a template's parameters with their defaults; undefined where one must be given. Reads the form that
 * our own templates have, so that no YAML parser is loaded for it.
 */
export function parameterDefaults(template: string): ReadonlyMap<string, string | undefined> {
  const section = /^Parameters:\n((?:(?: .*)?\n)*)/m.exec(`${template}\n`)?.[1] ?? ''
  const blocks = section.split(/^ {2}(?=[A-Za-z0-9]+:)/m).slice(1)
  return new Map(
    blocks.map((block) => {
      const name = block.slice(0, block.indexOf(':'))
      const value = /[\s{]Default: *("[^"]*"|'[^']*'|[^\s,}]*)/.exec(block)?.[1]
      return [name, value?.replace(/^(["'])(.*)\1$/, '$2')]
    }),
  )
}
