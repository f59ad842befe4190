import type { Entry } from './sieve.ts'
import { isSafe, type Checksum } from './checksums.ts'
import { readXml, Unreadable, type XmlReader } from './xml.ts'

/** Where the list of packages lies, and what it must be. */
export type Primary = { readonly path: string; readonly checksum: Checksum }

export const repomdPath = 'repodata/repomd.xml'

/**
 * What repodata/repomd.xml says of the list of packages.
 * https://github.com/rpm-software-management/createrepo_c/blob/master/src/xml_dump_repomd.c
 * @throws Unreadable
 */
export function readRepomd(text: string): Primary {
  let type = ''
  const found: { kind?: string; digest?: string; path?: string } = {}
  let kind = ''
  const reader = readXml({
    open: ({ name, attributes, around }) => {
      if (name === 'data' && around.length === 1) type = attributes['type'] ?? ''
      if (type !== 'primary' || around.length !== 2) return
      if (name === 'checksum') kind = attributes['type'] ?? ''
      if (name === 'location') found.path = attributes['href'] ?? ''
    },
    close: (name, text, around) => {
      if (type === 'primary' && around.length === 2 && name === 'checksum')
        Object.assign(found, { kind, digest: text.trim().toLowerCase() })
      if (name === 'data' && around.length === 1) type = ''
    },
  })
  reader.write(text)
  reader.end()
  const { kind: algorithm = '', digest = '', path } = found
  if (path === undefined || path === '') throw new Unreadable('it names no list of packages (data of type primary)')
  if (!isSafe(algorithm))
    throw new Unreadable(`it sums the list of packages up by ${algorithm || 'nothing'}, which proves nothing`)
  return { path, checksum: { algorithm, digest } }
}

/** Reads the list of packages piece by piece. Versions are EPOCH:VERSION-RELEASE, without an epoch of 0. */
export function readPrimary(each: (entry: Entry) => void): XmlReader {
  let name = ''
  let architecture = ''
  let version = ''
  return readXml({
    open: ({ name: element, attributes, around }) => {
      if (element === 'package' && around.length === 1) name = architecture = version = ''
      if (element !== 'version' || around.length !== 2) return
      const { epoch = '0', ver = '', rel = '' } = attributes
      version = `${epoch === '0' ? '' : `${epoch}:`}${ver}-${rel}`
    },
    close: (element, text, around) => {
      if (around.length === 2 && element === 'name') name = text
      if (around.length === 2 && element === 'arch') architecture = text
      if (around.length === 1 && element === 'package') each({ name, version, architecture })
    },
  })
}
