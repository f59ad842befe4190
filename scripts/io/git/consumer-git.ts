import { join } from 'node:path'
import { gitFailed, hostRefused, hostSilent } from '../../core/proposal/errors.ts'
import type { RigletError } from '../../core/errors.ts'
import { addressOf, type Consumer } from '../../core/manifest/consumer.ts'
import type { Destination } from '../../core/ports/local/proposals.ts'
import type { ProcessResult, Processes } from '../../core/ports/local/processes.ts'
import { gitEnvironment, gitWords } from '../../core/source/git.ts'

/** Git in a clone of the consumer's repository. */
export type ConsumerGit = {
  /** @throws RigletError REPOSITORY */
  readonly run: (doing: string, args: readonly string[], input?: string) => Promise<string>
  /** Whatever its exit code. Nothing that it answers holds the token. */
  readonly attempt: (args: readonly string[], input?: string) => Promise<ProcessResult>
}

/** What git would write a header with the token to. */
const traces = [
  '',
  '_CURL',
  '_CURL_NO_DATA',
  '_PACKET',
  '_SETUP',
  '_REDACT',
  '2',
  '2_EVENT',
  '2_PERF',
  '2_CONFIG_PARAMS',
]
const silence = Object.fromEntries(
  ['GIT_CURL_VERBOSE', ...traces.map((name) => `GIT_TRACE${name}`)].map((name) => [name, undefined]),
)

/**
 * The person's own configuration leads to the host: their proxy, authorities and keys. None of it writes anywhere: hooks,
 * signatures and what else a push would do is left out. A network that says nothing for a minute is given up.
 */
const words = [
  ...gitWords,
  ...[
    'http.lowSpeedLimit=1000',
    'http.lowSpeedTime=60',
    'i18n.commitEncoding=UTF-8',
    'i18n.logOutputEncoding=UTF-8',
  ].flatMap((one) => ['-c', one]),
]

/** https://docs.github.com/en/rest/authentication, https://docs.gitlab.com/user/profile/personal_access_tokens/ */
const userOf = ({ host }: Consumer): string => (host === 'gitlab' ? 'oauth2' : 'x-access-token')

const basic = ({ consumer, token }: Destination): string =>
  Buffer.from(`${userOf(consumer)}:${token}`).toString('base64')

/**
 * The token goes to git by its environment, for this address alone: no command line, no file and no address has it. Nobody's
 * helper is asked, or told, and nobody is sent on to another host with it.
 * https://git-scm.com/docs/git-config#ENVIRONMENT
 */
function authority(destination: Destination): Readonly<Record<string, string | undefined>> {
  const { repository } = destination.consumer
  if (destination.token === undefined || !repository.startsWith('http')) return {}
  const settings = [
    [`http.${repository}.extraHeader`, `Authorization: Basic ${basic(destination)}`],
    ['credential.helper', ''],
    ['http.followredirects', 'false'],
  ]
  return {
    GIT_ASKPASS: '',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}

export function makeConsumerGit(home: string, destination: Destination, processes: Processes): ConsumerGit {
  const { consumer, token } = destination
  const env = {
    ...gitEnvironment,
    ...silence,
    ...authority(destination),
    LC_ALL: 'C',
    LANGUAGE: undefined,
    GIT_DIR: home,
    GIT_INDEX_FILE: join(home, 'index'),
    GIT_TERMINAL_PROMPT: '0',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'riglet'],
        [`GIT_${who}_EMAIL`, 'riglet@localhost'],
        [`GIT_${who}_DATE`, undefined],
      ]),
    ),
  }
  const secrets = token === undefined ? [] : [token, basic(destination)]
  const hide = (text: string): string => secrets.reduce((shown, secret) => shown.replaceAll(secret, '****'), text)
  const attempt: ConsumerGit['attempt'] = async (args, input) => {
    const options = input === undefined ? { env } : { env, input }
    const { code, stdout, stderr } = await processes.run('git', [...words, ...args], options)
    return { code, stdout: hide(stdout), stderr: hide(stderr) }
  }
  return {
    attempt,
    run: async (doing, args, input) => {
      const { code, stdout, stderr } = await attempt(args, input)
      if (code === 0) return stdout
      throw failureOf(consumer, doing, stderr)
    },
  }
}

/** What git says is told by the status that the host gave, as far as it can be told. */
const statuses: readonly (readonly [RegExp, number])[] = [
  [/returned error: 401|Authentication failed|could not read (?:Username|Password)|terminal prompts disabled/, 401],
  [/returned error: 403|[Pp]ermission (?:to .* )?denied|not allowed to push|Access denied/, 403],
  [/returned error: 404|repository .* not found|does not appear to be a git repository|does not exist/, 404],
]

export function failureOf(consumer: Consumer, doing: string, stderr: string): RigletError {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^(?:fatal|error): /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('hint:') && !line.startsWith('warning:'))
  const said = lines.join('; ')
  const status = statuses.find(([pattern]) => pattern.test(said))?.[1] ?? /returned error: ([45]\d\d)/.exec(said)?.[1]
  if (status !== undefined) return hostRefused(consumer, doing, Number(status), `(git: ${said})`)
  if (
    /resolve host|[Ff]ailed to connect|Couldn't connect|[Tt]imed out|Connection (?:refused|reset)|SSL|too slow/.test(
      said,
    )
  )
    return hostSilent(consumer, addressOf(consumer.repository).host ?? 'git', said)
  return gitFailed(consumer, doing, said)
}
