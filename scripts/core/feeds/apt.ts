import type { Checksum } from './checksums.ts'
import type { Entry } from './sieve.ts'
import { Unreadable, type XmlReader } from './xml.ts'

/** Where a distribution's metadata lies, and where the lists of packages lie from there. */
export type AptPlace = { readonly folder: string; readonly list: string }

/** https://wiki.debian.org/DebianRepository/Format: a folder has its list of packages beside its metadata. */
export const aptPlace = (distribution: string, component: string, architecture: string): AptPlace =>
  distribution.endsWith('/')
    ? { folder: distribution === './' ? '' : distribution, list: 'Packages' }
    : { folder: `dists/${distribution}/`, list: `${component}/binary-${architecture}/Packages` }

/** How a list may be packed, the smallest first. */
export const packings = ['.zst', '.xz', '.gz', ''] as const

export type AptRelease = {
  /** By path below the metadata's folder. */
  readonly checksums: ReadonlyMap<string, Checksum>
  /** From when on it is out of date: an old one with its signature must not be shown for ever. undefined: never. */
  readonly validUntil: Date | undefined
}

/**
 * What a file Release or InRelease says.
 * @throws Unreadable
 */
export function readAptRelease(text: string): AptRelease {
  const checksums = new Map<string, Checksum>()
  let validUntil: Date | undefined
  let field = ''
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line) ?? []
    if (name !== undefined) {
      field = name.toLowerCase()
      if (field === 'valid-until') validUntil = new Date(value)
      continue
    }
    const [, digest, path] = /^ +([0-9a-f]{64}|[0-9a-f]{128}) +\d+ +(\S+)$/.exec(line) ?? []
    if (digest === undefined || path === undefined) continue
    if (field === 'sha256' && digest.length === 64) checksums.set(path, { algorithm: 'sha256', digest })
    if (field === 'sha512' && digest.length === 128 && !checksums.has(path))
      checksums.set(path, { algorithm: 'sha512', digest })
  }
  if (checksums.size === 0) throw new Unreadable('it has neither SHA256 nor SHA512 of any file')
  if (validUntil !== undefined && Number.isNaN(validUntil.getTime())) throw new Unreadable('its Valid-Until is no time')
  return { checksums, validUntil }
}

const longestLine = 1_048_576

/** Reads a list of packages piece by piece: paragraphs of fields, with an empty line between them. */
export function readPackages(each: (entry: Entry) => void): XmlReader {
  let rest = ''
  let fields: Record<string, string> = {}
  const paragraph = (): void => {
    const { package: name, version, architecture } = fields
    if (name !== undefined && version !== undefined && architecture !== undefined) each({ name, version, architecture })
    fields = {}
  }
  const line = (text: string): void => {
    if (text.trim() === '') return paragraph()
    const [, name, value = ''] = /^(Package|Version|Architecture):\s*(.*?)\s*$/i.exec(text) ?? []
    if (name !== undefined) fields[name.toLowerCase()] = value
  }
  return {
    write: (piece) => {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > longestLine) throw new Unreadable(`it has a line of more than ${longestLine} characters`)
      lines.forEach(line)
    },
    end: () => {
      line(rest)
      paragraph()
    },
  }
}
