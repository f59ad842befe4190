import type { GitRepository } from '../git-repository.ts'
import { readDescription } from './github-description.ts'
import { openHost, type Call, type Reply } from './host-server.ts'

export type Pull = {
  readonly number: number
  state: 'open' | 'closed'
  title: string
  body: string
  base: string
  readonly head: string
}

const lists = '/repos/{owner}/{repo}/pulls'
const one = '/repos/{owner}/{repo}/pulls/{pull_number}'

/**
 * The few calls of GitHub that riglet uses, with a memory, over a real repository. Each request and each answer is held
 * against GitHub's own description; what it says beyond its shapes is as its reference documents.
 * https://docs.github.com/en/rest/pulls/pulls
 */
export async function openGitHub(repository: GitRepository, name: string, token: string) {
  const description = readDescription()
  const pulls: Pull[] = []
  const [owner = ''] = name.split('/')

  const shown = (pull: Pull, example: string): unknown => {
    const [full] = [description.example(example)].flat() as [Record<string, object>]
    const url = `https://github.com/${name}/pull/${pull.number}`
    return {
      ...full,
      ...{ number: pull.number, state: pull.state, title: pull.title, body: pull.body, html_url: url },
      // The description's example of a team is older than its shape.
      requested_teams: [],
      base: { ...full['base'], ref: pull.base },
      head: {
        ...full['head'],
        ref: pull.head,
        label: `${owner}:${pull.head}`,
        repo: { ...(full['head'] as { repo: object }).repo, full_name: name },
      },
    }
  }
  const invalid = (message: string): Reply => ({
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message }],
      documentation_url: 'https://docs.github.com/rest/pulls/pulls#create-a-pull-request',
      status: '422',
    },
  })
  const refused = (status: number, message: string): Reply => ({
    status,
    body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  })
  /** A branch that is deleted, or says no more than its base, closes its request. */
  const settle = async (): Promise<void> => {
    for (const pull of pulls.filter(({ state }) => state === 'open'))
      if ((await repository.tip(pull.head)) === undefined) pull.state = 'closed'
  }

  const list = ({ query }: Call): unknown[] =>
    pulls
      .filter(({ state }) => query['state'] === 'all' || state === (query['state'] ?? 'open'))
      .filter(({ head }) => query['head'] === undefined || `${owner}:${head}` === query['head'])
      .map((pull) => shown(pull, 'pull-request-simple-items'))

  const create = async ({ body }: Call): Promise<Reply> => {
    const { title, head, base, body: text = '' } = body as Readonly<Record<'title' | 'head' | 'base' | 'body', string>>
    const [from, to] = [await repository.tip(head), await repository.tip(base)]
    if (from === undefined || to === undefined)
      return invalid(`${from === undefined ? 'head' : 'base'} sha can't be blank`)
    if (pulls.some((pull) => pull.state === 'open' && pull.head === head && pull.base === base))
      return invalid(`A pull request already exists for ${owner}:${head}.`)
    if (from === to) return invalid(`No commits between ${base} and ${head}`)
    const pull: Pull = { number: pulls.length + 7, state: 'open', title, body: text, base, head }
    pulls.push(pull)
    return { status: 201, body: shown(pull, 'pull-request') }
  }

  const answer = async (call: Call): Promise<Reply> => {
    await settle()
    if (call.authorization !== `Bearer ${token}`) return refused(401, 'Bad credentials')
    const [, full, number] = /^\/repos\/([^/]+\/[^/]+)\/pulls(?:\/(\d+))?$/.exec(call.path) ?? []
    if (full !== name) return refused(404, 'Not Found')
    const [path, method] = [number === undefined ? lists : one, call.method.toLowerCase()]
    const faults = description.faultsOfRequest(path, method, call.query, call.body)
    if (faults.length > 0) throw new Error(`GitHub does not describe such a request: ${faults.join('; ')}`)
    const pull = pulls.find((each) => String(each.number) === number)
    if (number !== undefined && pull === undefined) return refused(404, 'Not Found')
    let reply: Reply
    if (method === 'get') reply = { status: 200, body: list(call) }
    else if (method === 'post') reply = await create(call)
    else {
      Object.assign(pull!, call.body)
      reply = { status: 200, body: shown(pull!, 'pull-request') }
    }
    const wrong = description.faultsOfReply(path, method, reply.status, reply.body)
    if (wrong.length > 0) throw new Error(`GitHub would not answer so: ${wrong.join('; ')}`)
    return reply
  }
  return { ...(await openHost(answer)), pulls, refused }
}
