/** What a visitor saw: every request, and who answered. */
export type Tally = {
  readonly sent: number
  /** No answer, or an answer of 500 and above. */
  readonly lost: readonly Loss[]
  /** Version -> answers. */
  readonly versions: Readonly<Record<string, number>>
  /** The AMI that answered last. */
  readonly image: string
}

export type Loss = { readonly at: string; readonly why: string }

/** A visitor who asks again and again. */
export type Traffic = {
  /** Begins to ask `url` (which answers JSON with version and image), `perSecond` times a second. */
  readonly start: (url: string, perSecond: number) => Promise<Visitor>
}

export type Visitor = {
  readonly tally: () => Tally
  /** Waits for the answers that are still out. */
  readonly stop: () => Promise<Tally>
}
