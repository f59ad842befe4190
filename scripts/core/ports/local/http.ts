import type { Answer } from '../../image/answer.ts'

export type Http = {
  /**
   * `anyName`: whoever's name stands in the certificate, if only an authority vouches for it. `at`: where to connect for the
   * URL's host, whatever a name server says, or does not say yet.
   */
  readonly get: (
    url: string,
    milliseconds: number,
    options?: { readonly anyName?: boolean; readonly at?: string | undefined },
  ) => Promise<Answer>
}
