import { createHash } from 'node:crypto'

const algorithms = ['sha256', 'sha384', 'sha512'] as const
type Algorithm = (typeof algorithms)[number]

export type Checksum = { readonly algorithm: Algorithm; readonly digest: string }

/** MD5 and SHA-1 tell accidents; two texts of one sum can be made on purpose. */
export const isSafe = (algorithm: string): algorithm is Algorithm => algorithms.some((one) => one === algorithm)

/** Why bytes are not what was promised; undefined: they are. */
export function mismatch(bytes: Uint8Array, { algorithm, digest }: Checksum): string | undefined {
  const found = createHash(algorithm).update(bytes).digest('hex')
  return found === digest ? undefined : `its ${algorithm} is ${found}, not ${digest}`
}
