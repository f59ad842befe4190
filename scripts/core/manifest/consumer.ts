import type { NameRule } from '../name-rules.ts'

/** Where a request can be opened; of another `git` there is only the branch. */
export const hostKinds = ['github', 'gitlab', 'git'] as const
export type HostKind = (typeof hostKinds)[number]

/** The repository that reads what is published, and that `make document` proposes it to. */
export type Consumer = {
  /** As git takes it, without user and password. */
  readonly repository: string
  /** The file in it that is to hold the manifest. */
  readonly path: string
  readonly base: string
  readonly host: HostKind
  /** Where the host's API begins; undefined: there is none. */
  readonly api: string | undefined
  /** The name of an environment variable, or, beginning with a slash, of a parameter. undefined: none is used. */
  readonly token: string | undefined
}

export type SaidConsumer = Pick<Consumer, 'repository'> & Partial<Consumer>

/** A token is sent in clear text to this machine alone. */
const here = String.raw`http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?`
const secure = String.raw`https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?`

export const consumerRules = {
  repository: {
    pattern: new RegExp(
      String.raw`^(?:(?:${secure}|${here})\/[\w.~%+/-]+|ssh:\/\/(?:\w[\w.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?\/[\w.~%+/-]+|\w[\w.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[\w.~%+/-]+|(?:file:\/\/)?\/[^\s\p{Cc}]+)$`,
      'u',
    ),
    words: 'where git finds it, such as https://github.com/acme/infrastructure.git, without user and password',
  },
  path: {
    pattern: /^(?!.*(?:^|\/)(?:\.{1,2}|\.git)(?:\/|$))[\w.@+-]+(?:\/[\w.@+-]+)*$/,
    words: 'the path of a file in that repository',
  },
  base: {
    pattern: /^(?!.*(?:\.\.|\/\/|\.lock$))[A-Za-z0-9_][\w./+-]{0,199}(?<![./])$/,
    words: 'the name of a branch',
  },
  host: { pattern: new RegExp(`^(?:${hostKinds.join('|')})$`), words: hostKinds.join(', ') },
  api: {
    pattern: new RegExp(String.raw`^(?:${secure}|${here})(?:\/[\w.~%+-]+)*$`),
    words: 'where an API begins, such as https://github.example/api/v3',
  },
  token: {
    pattern: /^(?:[A-Z][A-Z0-9_]*|(?:\/[\w.+=@-]+)+)$/,
    words:
      'the NAME of an environment variable, or the /name of a parameter, that holds the token; never the token itself',
  },
} as const satisfies Record<keyof Consumer, NameRule>

const text = (name: keyof Consumer, description: string) => ({
  description,
  type: 'string',
  pattern: consumerRules[name].pattern.source,
})

export const consumerSchema = {
  description: 'The repository that reads what is published; `make document` proposes every change to it.',
  type: ['object', 'null'],
  properties: {
    repository: text('repository', 'Where git finds it, without user and password.'),
    path: text('path', 'The file in it that is to hold the manifest. Default: manifests/images.json.'),
    base: text('base', 'The branch that changes are proposed to. Default: main.'),
    host: {
      description: 'What a request is opened with; git: there is only the branch. Default: by the host, or else git.',
      type: 'string',
      enum: hostKinds,
    },
    api: text('api', "Where the host's API begins. Default: as GitHub and GitLab have it."),
    token: text(
      'token',
      'Environment variable, or parameter of Parameter Store (with a slash in front), that holds the token. Default: GITHUB_TOKEN, GITLAB_TOKEN, or none.',
    ),
  },
  required: ['repository'],
  additionalProperties: false,
}

type Address = { readonly host: string | undefined; readonly path: string }

const shapes = [
  /^https?:\/\/([^/]+)\/(.+)$/,
  // The port of ssh is no port of an API.
  /^ssh:\/\/(?:[^@/]+@)?([^:/]+)(?::\d+)?\/(.+)$/,
  /^[^@/:]+@([^:/]+):\/*(.+)$/,
]

/** Host and path of a repository; undefined: it lies on this machine. */
export function addressOf(repository: string): Address {
  const found = shapes.map((shape) => shape.exec(repository)).find((match) => match !== null)
  const path = (found?.[2] ?? repository.replace(/^file:\/\//, '')).replace(/\/+$/, '').replace(/\.git$/, '')
  return { host: found?.[1], path }
}

const hosts: Readonly<Record<string, HostKind>> = { 'github.com': 'github', 'gitlab.com': 'gitlab' }

/** https://docs.github.com/en/enterprise-server/rest/quickstart, https://docs.gitlab.com/api/rest/ */
function apiOf(kind: HostKind, host: string | undefined): string | undefined {
  if (kind === 'git' || host === undefined) return undefined
  if (kind === 'gitlab') return `https://${host}/api/v4`
  return host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`
}

const tokens: Readonly<Record<HostKind, string | undefined>> = {
  github: 'GITHUB_TOKEN',
  gitlab: 'GITLAB_TOKEN',
  git: undefined,
}

/** Defaults filled in. */
export function filledConsumer({ repository, ...said }: SaidConsumer, manifest: string): Consumer {
  const { host } = addressOf(repository)
  const kind = said.host ?? hosts[host ?? ''] ?? 'git'
  return {
    repository,
    path: said.path ?? manifest,
    base: said.base ?? 'main',
    host: kind,
    api: said.api ?? apiOf(kind, host),
    token: said.token ?? tokens[kind],
  }
}

/** What no schema can say, and of which value. */
export function consumerFaults(said: SaidConsumer): readonly (readonly [keyof Consumer, string])[] {
  const { host, api } = filledConsumer(said, '')
  const { path } = addressOf(said.repository)
  if (host === 'git')
    return said.api === undefined ? [] : [['api', 'a host that is plain git has none: say host: github or gitlab']]
  if (api === undefined)
    return [['host', `${host} is reached by an API, and a path on this machine tells none: say api`]]
  const parts = path.split('/').length
  if (host === 'github' && said.api === undefined && parts !== 2)
    return [['repository', 'a repository of GitHub is called OWNER/NAME']]
  return parts < 2 ? [['repository', `a repository of ${host} is called OWNER/NAME`]] : []
}
