/** What an address said when it was asked. */
export type Answer =
  | {
      readonly type: 'answer'
      readonly status: number
      readonly body: string
      /** Where a redirect leads; it is not followed. */
      readonly location?: string
    }
  /** Nobody answered: refused, timed out, no such host, or a certificate that is not to be trusted. */
  | { readonly type: 'silence'; readonly why: string }

/** The same address over HTTPS, if that is where an answer sends its asker, as a load balancer with a certificate does. */
export function secureAddress(url: string, answer: Answer): string | undefined {
  if (answer.type !== 'answer' || ![301, 302, 307, 308].includes(answer.status)) return undefined
  const from = new URL(url)
  const to = URL.parse(answer.location ?? '', url)
  if (to?.protocol !== 'https:' || from.protocol !== 'http:') return undefined
  return to.hostname === from.hostname && to.pathname === from.pathname ? to.href : undefined
}
