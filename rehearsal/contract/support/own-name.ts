import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * A rehearsal's name that only the tests of this checkout use: of two rehearsals with one name on a machine, the later one
 * ends the earlier one. Six digits stand for the folder: all of a name may have 24 characters.
 */
export function ownName(name: string, folder = resolve(import.meta.dirname, '../..')): string {
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex')
  return `${name}-${digest.slice(0, 6)}`
}
