import { Ajv } from 'ajv'
import type { GitRepository } from '../git-repository.ts'
import { openHost, type Call, type Reply } from './host-server.ts'

export type MergeRequest = {
  readonly iid: number
  state: 'opened' | 'closed'
  title: string
  description: string
  target_branch: string
  readonly source_branch: string
}

const text = { type: 'string' }
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

/** Attributes as GitLab's reference has them, of those that anybody here sends. https://docs.gitlab.com/api/merge_requests/ */
const described = {
  GET: object({
    state: { enum: ['opened', 'closed', 'locked', 'merged', 'all'] },
    source_branch: text,
    per_page: text,
  }),
  POST: object(
    { source_branch: text, target_branch: text, title: text, description: { ...text, maxLength: 1_048_576 } },
    ['source_branch', 'target_branch', 'title'],
  ),
  PUT: object({ title: text, description: text, target_branch: text, state_event: { enum: ['close', 'reopen'] } }),
} as const

/** The few calls of GitLab that riglet uses, with a memory, over a real repository. */
export async function openGitLab(repository: GitRepository, name: string, token: string) {
  const ajv = new Ajv({ allErrors: true })
  const requests: MergeRequest[] = []
  const shown = (one: MergeRequest): object => ({
    id: 9000 + one.iid,
    project_id: 42,
    source_project_id: 42,
    target_project_id: 42,
    web_url: `https://gitlab.example/${name}/-/merge_requests/${one.iid}`,
    ...one,
  })
  const create = async (body: Readonly<Record<string, string>>): Promise<Reply> => {
    const { source_branch = '', target_branch = '', title = '', description = '' } = body
    const same = requests.find((one) => one.state === 'opened' && one.source_branch === source_branch)
    if (same !== undefined)
      return {
        status: 409,
        body: { message: [`Another open merge request already exists for this source branch: !${same.iid}`] },
      }
    if ((await repository.tip(source_branch)) === undefined)
      return { status: 422, body: { message: ["source_branch doesn't exist"] } }
    const made: MergeRequest = {
      ...{ iid: requests.length + 3, state: 'opened' },
      ...{ title, description, target_branch, source_branch },
    }
    requests.push(made)
    return { status: 201, body: shown(made) }
  }
  const answer = async ({ method, path, query, authorization, body }: Call): Promise<Reply> => {
    if (authorization !== `Bearer ${token}`) return { status: 401, body: { message: '401 Unauthorized' } }
    const all = `/api/v4/projects/${encodeURIComponent(name)}/merge_requests`
    if (!path.startsWith(all)) return { status: 404, body: { message: '404 Project Not Found' } }
    const asked = method === 'GET' ? query : body
    if (!ajv.validate(described[method as keyof typeof described], asked))
      throw new Error(`GitLab describes no such request: ${ajv.errorsText()}`)
    if (method === 'POST') return create(body as Readonly<Record<string, string>>)
    if (method === 'GET') {
      const found = requests.filter(
        ({ state, source_branch }) => state === query['state'] && source_branch === query['source_branch'],
      )
      return { status: 200, body: found.map(shown) }
    }
    const one = requests.find(({ iid }) => path === `${all}/${iid}`)
    if (one === undefined) return { status: 404, body: { message: '404 Not found' } }
    const { state_event, ...rest } = body as Readonly<Record<string, string>>
    Object.assign(one, rest, state_event === 'close' ? { state: 'closed' } : {})
    return { status: 200, body: shown(one) }
  }
  return { ...(await openHost(answer)), requests }
}
