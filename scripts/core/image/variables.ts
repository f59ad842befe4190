import { varFault, varMissing } from './catalogue.ts'

/** What bake must know of an image's own variables, `packer/<image>/<image>.pkrvars.hcl`. */
export type ImageVariables = {
  readonly version: string
  readonly architecture: string
  readonly instanceType: string
}

/**
 * Reads the plain assignments of a Packer variable file. HCL proper is Packer's business; values of more than a line
 * would be passed on by it and are not needed here.
 * @throws RigletError FILE with file and line
 */
export function readVariables(text: string, file: string): ImageVariables {
  const found = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:(?:#|\/\/).*)?$/.test(line)) continue
    const match = /^\s*([A-Za-z_][\w-]*)\s*=\s*(?:"((?:[^"\\$%]|\\.)*)"|([\w.]+))\s*(?:(?:#|\/\/).*)?$/.exec(line)
    if (match === null) throw varFault(file, index + 1, `not understood: ${line.trim().slice(0, 60)}`)
    found.set(match[1]!, match[2] ?? match[3]!)
  }
  const need = (name: string): string => {
    const value = found.get(name)
    if (value === undefined || value === '') throw varMissing(file, name)
    return value
  }
  return { version: need('version'), architecture: need('architecture'), instanceType: need('instance_type') }
}
