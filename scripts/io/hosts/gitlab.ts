import { isRigletError } from '../../core/errors.ts'
import { jsonIfAny } from '../../core/json.ts'
import { addressOf } from '../../core/manifest/consumer.ts'
import type { Destination, Request, Requests } from '../../core/ports/local/proposals.ts'
import { hostRefused } from '../../core/proposal/errors.ts'
import type { AskHost } from './ask-host.ts'

type MergeRequest = {
  readonly iid: number
  readonly web_url: string
  readonly title: string
  readonly description: string | null
  readonly source_branch: string
  readonly target_branch: string
  readonly source_project_id: number
  readonly target_project_id: number
}

const requestOf = ({ iid, web_url, title, description, target_branch }: MergeRequest): Request => ({
  number: iid,
  url: web_url,
  title,
  body: description ?? '',
  base: target_branch,
})

/** Merge requests of GitLab, in the same project. https://docs.gitlab.com/api/merge_requests/ */
export function makeGitLab({ consumer, branch, token }: Destination, askHost: AskHost): Requests {
  const all = `${consumer.api!}/projects/${encodeURIComponent(addressOf(consumer.repository).path)}/merge_requests`
  const ask = async <Data>(doing: string, method: string, url: string, content?: object): Promise<Data> => {
    const { status, body } = await askHost({
      method,
      url,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'user-agent': 'riglet',
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: content === undefined ? undefined : JSON.stringify(content),
    })
    if (status >= 200 && status < 300) return jsonIfAny(body) as Data
    throw hostRefused(consumer, doing, status, wordsOf(body))
  }
  const find = async (): Promise<Request | undefined> => {
    const query = new URLSearchParams({ state: 'opened', source_branch: branch, per_page: '100' })
    const found = await ask<readonly MergeRequest[]>('list the merge requests of', 'GET', `${all}?${query}`)
    const [own] = found.filter((one) => one.source_branch === branch && one.source_project_id === one.target_project_id)
    return own && requestOf(own)
  }
  const change = async (doing: string, { number }: Request, content: object): Promise<Request> =>
    requestOf(await ask<MergeRequest>(`${doing} merge request ${number} of`, 'PUT', `${all}/${number}`, content))
  return {
    find,
    open: async (title, description) => {
      const content = { source_branch: branch, target_branch: consumer.base, title, description }
      try {
        return requestOf(await ask<MergeRequest>('open a merge request in', 'POST', all, content))
      } catch (error) {
        // Another run was first, or the reply to our own question got lost.
        const found = isRigletError(error) && error.message.includes('already exists') ? await find() : undefined
        if (found === undefined) throw error
        return found
      }
    },
    rewrite: (request, title, description) =>
      change('rewrite', request, { title, description, target_branch: consumer.base }),
    close: async (request) => void (await change('close', request, { state_event: 'close' })),
  }
}

/** GitLab says `message` or `error`, each as text, a list, or lists by member. */
function wordsOf(body: string): string {
  const said = jsonIfAny(body) as { readonly message?: unknown; readonly error?: unknown } | undefined
  const words = said?.message ?? said?.error ?? ''
  return (typeof words === 'string' ? words : JSON.stringify(words)).slice(0, 300)
}
