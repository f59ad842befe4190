import { Readable, type Duplex } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { isRigletError } from '../../core/errors.ts'
import { feedTooLong, feedUnreadable } from '../../core/feeds/errors.ts'
import { Unreadable } from '../../core/feeds/xml.ts'
import type { Downloads, Packing } from '../../core/ports/feeds/downloads.ts'

/** Small pieces: what is unpacked is counted before the next one is. */
const pieces = function* (body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536)
}

async function opened(body: Uint8Array, packing: Packing): Promise<AsyncIterable<Uint8Array>> {
  const through = (duplex: Duplex): AsyncIterable<Uint8Array> => {
    const source = Readable.from(pieces(body), { objectMode: false })
    source.on('error', (error) => duplex.destroy(error))
    return source.pipe(duplex)
  }
  switch (packing) {
    case 'none':
      return Readable.from(pieces(body), { objectMode: false })
    case 'gz':
      return through(createGunzip())
    case 'zst':
      return through(createZstdDecompress())
    case 'xz': {
      // Node has no xz. This is its authors' own decoder as WebAssembly, so it runs wherever Node does.
      const { XzReadableStream } = (await import('xz-decompress')).default
      const source = ReadableStream.from(pieces(body)) as ConstructorParameters<typeof XzReadableStream>[0]
      return new XzReadableStream(source) as unknown as AsyncIterable<Uint8Array>
    }
  }
}

/** Unpacks without ever holding all of it, and no more than the limit: a small file can hold terabytes. */
export const unpack: Downloads['unpack'] = async (url, body, packing, { limit, each }) => {
  const decoder = new TextDecoder()
  let length = 0
  try {
    for await (const chunk of await opened(body, packing)) {
      length += chunk.length
      if (length > limit) throw feedTooLong(url, limit, packing !== 'none')
      each(decoder.decode(chunk, { stream: true }))
    }
    each(decoder.decode())
  } catch (error) {
    if (isRigletError(error) || error instanceof Unreadable) throw error
    throw feedUnreadable(url, `it cannot be unpacked: ${(error as Error).message}`, error)
  }
}
