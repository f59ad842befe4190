/** Shell assignments for the build specification to source, so that CodeBuild exports them; values are quoted. */
export const exportsOf = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('')

/** Where the build specification looks for them. */
export const exportsFile = 'out/exports.env'
