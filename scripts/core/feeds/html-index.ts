import { Parser } from 'htmlparser2'
import type { Entry } from './sieve.ts'

/** NAME-VERSION-RELEASE.ARCHITECTURE.rpm; neither version nor release has a hyphen. A name says nothing of an epoch. */
const fileName = /^(.+)-([^-]+-[^-]+)\.([A-Za-z0-9_]+)\.rpm$/

/** The RPM files that a page of links names, such as the index that a web server makes of a folder (S02). */
export function readHtmlIndex(html: string, each: (entry: Entry) => void): void {
  const parser = new Parser({
    onopentag: (element, { href }) => {
      if (element !== 'a' || href === undefined) return
      const [, name, version, architecture] = fileName.exec(lastPart(href)) ?? []
      if (name !== undefined && version !== undefined && architecture !== undefined)
        each({ name, version, architecture })
    },
  })
  parser.end(html)
}

/** The file that a link leads to, without what stands behind ? and #. */
function lastPart(href: string): string {
  const part = /[^/]*$/.exec(href.replace(/[?#].*$/s, ''))?.[0] ?? ''
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
