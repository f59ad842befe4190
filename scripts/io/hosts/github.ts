import { request } from '@octokit/request'
import { isRigletError } from '../../core/errors.ts'
import { addressOf, type Consumer } from '../../core/manifest/consumer.ts'
import type { Destination, Request, Requests } from '../../core/ports/local/proposals.ts'
import { hostRefused } from '../../core/proposal/errors.ts'
import type { AskHost } from './ask-host.ts'

type Pull = {
  readonly number: number
  readonly html_url: string
  readonly title: string
  readonly body: string | null
  readonly base: { readonly ref: string }
  readonly head: { readonly ref: string; readonly repo: { readonly full_name: string } | null }
}

const requestOf = ({ number, html_url, title, body, base }: Pull): Request => ({
  number,
  url: html_url,
  title,
  body: body ?? '',
  base: base.ref,
})

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Pull requests of GitHub, in the same repository. https://docs.github.com/en/rest/pulls/pulls */
export function makeGitHub({ consumer, branch, token }: Destination, askHost: AskHost): Requests {
  const [owner = '', repo = ''] = addressOf(consumer.repository).path.split('/').slice(-2)
  const full = `${owner}/${repo}`
  const fetch = async (url: string, options: { method: string; headers: Record<string, string>; body?: string }) => {
    const { status, headers, body } = await askHost({ url, ...options })
    return new Response(status === 204 || status === 304 ? null : body, { status, headers })
  }
  const ask = request.defaults({
    baseUrl: consumer.api!,
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'riglet', 'x-github-api-version': '2022-11-28' },
    request: { fetch, log: quiet },
  })
  const told = async <Data>(doing: string, asked: Promise<{ readonly status: number; readonly data: Data }>) => {
    try {
      const { status, data } = await asked
      if (status < 300) return data
      throw hostRefused(consumer, doing, status, 'it has another name now')
    } catch (error) {
      throw refusalOf(error, consumer, doing)
    }
  }
  const find = async (): Promise<Request | undefined> => {
    const asked = { owner, repo, state: 'open', head: `${owner}:${branch}`, per_page: 100 } as const
    const pulls: readonly Pull[] = await told(
      'list the pull requests of',
      ask('GET /repos/{owner}/{repo}/pulls', asked),
    )
    const [found] = pulls.filter(
      ({ head }) => head.ref === branch && head.repo?.full_name.toLowerCase() === full.toLowerCase(),
    )
    return found && requestOf(found)
  }
  return {
    find,
    open: async (title, body) => {
      const asked = { owner, repo, title, body, head: branch, base: consumer.base }
      try {
        return requestOf(await told('open a pull request in', ask('POST /repos/{owner}/{repo}/pulls', asked)))
      } catch (error) {
        // Another run was first, or the reply to our own question got lost.
        const found = isRigletError(error) && error.message.includes('already exists') ? await find() : undefined
        if (found === undefined) throw error
        return found
      }
    },
    rewrite: async ({ number }, title, body) => {
      const asked = { owner, repo, pull_number: number, title, body, base: consumer.base }
      const doing = `rewrite pull request ${number} of`
      return requestOf(await told(doing, ask('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', asked)))
    },
    close: async ({ number }) => {
      const asked = { owner, repo, pull_number: number, state: 'closed' } as const
      await told(`close pull request ${number} of`, ask('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', asked))
    },
  }
}

type Said = { readonly message?: string; readonly errors?: readonly (string | { readonly message?: string })[] }

/** Octokit's own error holds the request, and so the token: nothing of it goes on but status and words. */
function refusalOf(error: unknown, consumer: Consumer, doing: string): unknown {
  const {
    name,
    status = 0,
    response,
    cause,
  } = error as {
    readonly name: string
    readonly cause?: unknown
    readonly status?: number
    readonly response?: { readonly data: Said | string | undefined }
  }
  if (isRigletError(cause)) return cause
  if (name !== 'HttpError') return error
  const data = response?.data
  const { message = '', errors = [] } = typeof data === 'object' ? data : { message: data }
  const more = errors.flatMap((one) => (typeof one === 'string' ? one : (one.message ?? [])))
  return hostRefused(consumer, doing, status, [message, ...more].filter(Boolean).join(': ').slice(0, 300))
}
