export type Packing = 'gz' | 'xz' | 'zst' | 'none'

export type Download =
  | { readonly type: 'there'; readonly body: Uint8Array }
  /** The server says that there is no such file. */
  | { readonly type: 'absent' }

export type Signed =
  /** A text with its signature around it; what was signed is answered, and nothing else of it. */
  | { readonly type: 'clear'; readonly text: string }
  | { readonly type: 'apart'; readonly data: Uint8Array; readonly signature: string }

/** Package repositories, which nobody here controls. */
export type Downloads = {
  /**
   * `limit`: bytes, as they come. `signed`: what comes is held against a key, so that the way need not be safe.
   * @throws RigletError FEED
   */
  readonly get: (url: string, options: { readonly limit: number; readonly signed: boolean }) => Promise<Download>
  /**
   * Hands over text piece by piece as it is unpacked.
   * @throws RigletError FEED, also for what comes to more than `limit` bytes
   */
  readonly unpack: (
    url: string,
    body: Uint8Array,
    packing: Packing,
    options: { readonly limit: number; readonly each: (text: string) => void },
  ) => Promise<void>
  /** The signed text, or why no key of these signed it, or why there is no key. `now`: when keys must be valid. */
  readonly verify: (
    keys: string,
    signed: Signed,
    now: Date,
  ) => Promise<
    { readonly type: 'signed'; readonly text: string } | { readonly type: 'unsigned' | 'no key'; readonly why: string }
  >
}
