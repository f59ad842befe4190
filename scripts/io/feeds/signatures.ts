import type { Downloads } from '../../core/ports/feeds/downloads.ts'

/**
 * Whether one of the keys signed it, at a time when that key was valid. SHA-1, MD5 and short keys prove nothing: the library
 * refuses them by itself.
 */
export const verify: Downloads['verify'] = async (armoredKeys, signed, now) => {
  const pgp = await import('openpgp')
  const keys = await pgp.readKeys({ armoredKeys }).catch((error: Error) => error)
  if (keys instanceof Error) return { type: 'no key', why: keys.message }
  if (keys.length === 0) return { type: 'no key', why: 'it holds no key' }
  const publicKeys = keys.map((key) => key.toPublic())
  try {
    const asked = { verificationKeys: publicKeys, date: now, expectSigned: true } as const
    const { data } =
      signed.type === 'clear'
        ? await pgp.verify({ ...asked, message: await pgp.readCleartextMessage({ cleartextMessage: signed.text }) })
        : await pgp.verify({
            ...asked,
            message: await pgp.createMessage({ binary: signed.data }),
            signature: await pgp.readSignature({ armoredSignature: signed.signature }),
            format: 'binary',
          })
    return { type: 'signed', text: typeof data === 'string' ? data : new TextDecoder().decode(data as Uint8Array) }
  } catch (error) {
    return { type: 'unsigned', why: (error as Error).message }
  }
}
