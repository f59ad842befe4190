import { resolve } from 'node:path'
import { checkedEndpoint, type ClientOptions, type Identity } from './aws/client/clients.ts'
import { lazy } from './aws/client/lazy.ts'
import type { Source } from './aws/access/credentials.ts'
import { makeRegional } from './aws/ports.ts'
import { chooseAccess, packerAccess } from './core/access/access.ts'
import { needsRole, roleArn, type RoleTarget, type Target } from './core/access/target.ts'
import { unknownFlag, unknownVerb } from './core/settings/errors.ts'
import { exitCodes, isRigletError, RigletError } from './core/errors.ts'
import { withKeptNames } from './core/stack/kept-names.ts'
import type { Ports } from './core/ports/ports.ts'
import type { Terminal } from './core/ports/local/terminal.ts'
import { proxyFor, readProxies } from './core/access/proxy.ts'
import {
  isSetting,
  readSettings,
  saysYes,
  typedEmpty,
  type SettingName,
  type Settings,
} from './core/settings/settings.ts'
import { makeClock } from './io/clock.ts'
import { makeFiles } from './io/files.ts'
import { makeGit } from './io/git/git.ts'
import { makeMask } from './io/mask.ts'
import { makePacker } from './io/packer.ts'
import { makeProcesses } from './io/processes.ts'
import { listenForInterruption } from './io/signals.ts'
import { makeTerminal } from './io/terminal.ts'
import { renderBug, renderFailure } from './view/failure.ts'

/** Loads a thing when it is first wanted, and once. */
function once<Thing>(load: () => Promise<Thing>): () => Promise<Thing> {
  let loaded: Promise<Thing> | undefined
  return () => (loaded ??= load())
}

type Environment = Readonly<Record<string, string | undefined>>

/** What a verb wants to know beforehand, and what it does; the number is its exit code. */
export type Verb = { readonly run: (environment: Environment, makeFile: string | undefined) => Promise<number> }

/** The checkout's root, wherever a script was called from. */
export const root = resolve(import.meta.dirname, '..')

const interruption = listenForInterruption()

/** How AWS is reached and by what it knows us, for every client and for Packer. */
function makeReach(settings: Settings, environment: Environment, terminal: Terminal) {
  // A verb that speaks to AWS needs REGION; the others never use these ports.
  const region = settings.REGION ?? 'us-east-1'
  const endpoint = checkedEndpoint(environment['AWS_ENDPOINT_URL'])
  const proxies = readProxies(environment, endpoint)
  const loadAgents =
    proxies && once(async () => (await import('./io/proxy-agents.ts')).makeAgents(proxies, { keepAlive: true }))
  const access = chooseAccess(environment, settings.PROFILE)
  const found: { source?: Source } = {}
  const origin = (where: string): Omit<ClientOptions, 'identify'> => ({
    region: where,
    endpoint,
    proxy: proxies && proxyFor(endpoint ?? `https://sts.${where}.amazonaws.com`, proxies),
    profile: access.type === 'profile' ? access.profile : undefined,
    loadAgents,
    remedy: () => found.source?.remedy,
  })
  const identify = once(async () => {
    // Before the first connection; reading all authorities takes a while.
    if (environment['AWS_CA_BUNDLE'] && endpoint?.startsWith('http:') !== true)
      (await import('./io/trust.ts')).trustBundle(environment['AWS_CA_BUNDLE'])
    return (await import('./aws/access/identify.ts')).makeIdentify({
      ...origin(region),
      access,
      environment,
      askCode: async (question) => (terminal.interactive ? terminal.ask(question) : undefined),
      say: terminal.say,
      onSource: (source) => (found.source = source),
    })
  })
  const home: ClientOptions = { ...origin(region), identify: async () => (await identify())() }
  const roles = new Map<string, () => Promise<() => Promise<Identity>>>()
  /** One session of a role for all its regions, opened when the first of them is asked. */
  const inRole = (target: RoleTarget) => {
    const key = roleArn(target)
    const take =
      roles.get(key) ?? once(async () => (await import('./aws/access/take-role.ts')).makeTakeRole(target, home))
    roles.set(key, take)
    return async () => (await take())()
  }
  return {
    proxies,
    here: region,
    of: (target: Target): ClientOptions => {
      const there = { ...home, ...origin(target.region) }
      return needsRole(target) ? { ...there, identify: inRole(target) } : there
    },
    /** Packer finds all this by itself, but for what stands in .make and for a code, which it cannot ask for. */
    forPacker: async () => {
      const session = access.type === 'keys' ? undefined : await (await identify())()
      return packerAccess({ region, access, proxies, session: found.source?.byCode ? session : undefined })
    },
  }
}

/** Settings -> ports. Nothing of AWS is loaded before it is used. */
function makePorts(settings: Settings, environment: Environment): Ports {
  const clock = makeClock(interruption.signal)
  const processes = makeProcesses(root, interruption.signal)
  const terminal = makeTerminal({ environment, yes: saysYes(settings), signal: interruption.signal })
  const reach = makeReach(settings, environment, terminal)
  return {
    terminal,
    clock,
    files: makeFiles(root),
    git: makeGit(processes, root),
    gitIn: (folder) => makeGit(processes, root, resolve(root, folder)),
    filesIn: (folder) => makeFiles(resolve(root, folder)),
    processes,
    packer: makePacker(root, interruption.signal, reach.forPacker),
    http: { get: async (...asked) => (await import('./io/http.ts')).makeHttp(reach.proxies).get(...asked) },
    downloads: lazy(async () =>
      (await import('./io/feeds/downloads.ts')).makeDownloads({
        allowed: (settings.FEED_HOSTS ?? '').split(','),
        proxies: reach.proxies,
        signal: interruption.signal,
      }),
    ),
    trackers: {
      open: async (place) => {
        const options = reach.of({ region: reach.here })
        switch (place.type) {
          case 's3':
            return (await import('./aws/trackers/s3.ts')).makeS3Tracker(place.bucket, options)
          case 'dynamodb':
            return (await import('./aws/trackers/dynamodb.ts')).makeDynamoTracker(place.table, options)
          case 'file':
            return (await import('./io/feeds/file-tracker.ts')).makeFileTracker(root, place.folder)
        }
      },
    },
    proposals: {
      inClone: async (destination, work) =>
        (await import('./io/git/consumer-clone.ts')).inClone(processes, destination, work),
      requests: async (destination) =>
        (await import('./io/hosts/requests.ts')).makeRequests(clock, reach.proxies, destination),
      variable: (name) => environment[name],
    },
    ...makeRegional(reach.of({ region: reach.here }), clock),
    at: (target) => makeRegional(reach.of(target), clock),
  }
}

/** `run` answers nothing for success, or an exit code. */
export const verb = <Needed extends SettingName>(
  needed: readonly Needed[],
  run: (settings: Settings<Needed>, ports: Ports) => Promise<number | void>,
): Verb => ({
  run: async (environment, makeFile) => {
    const settings = readSettings(needed, environment, makeFile)
    const ports = makePorts(settings, environment)
    // What has an older name keeps it: looked up here, once, and only where that could be another one.
    const named = needed.some((name) => name === 'OWNER') ? await withKeptNames(settings, ports.stacks.list) : settings
    return (await run(named, ports)) ?? exitCodes.ok
  },
})

/** `--yes`, `--json`, `--owner=acme` and `OWNER=acme` are settings, and win over the environment; `OWNER=` is typed empty. */
function withFlags(flags: readonly string[]): Environment {
  const given = flags.map((flag) => {
    const match = /^(?:--([a-z][a-z-]*)|([A-Z][A-Z_]*)(?==))(?:=(.*))?$/s.exec(flag)
    if (!match) throw unknownFlag(flag)
    const name = match[2] ?? match[1]!.toUpperCase().replaceAll('-', '_')
    if (!isSetting(name)) throw unknownFlag(flag)
    return [name, match[3] ?? '1'] as const
  })
  const emptied = given.flatMap(([name, value]) => (value === '' ? [name] : []))
  return {
    ...process.env,
    ...Object.fromEntries(given),
    [typedEmpty]: [process.env[typedEmpty], ...emptied].join(' '),
  }
}

export type Verbs = Readonly<Record<string, Verb>>
export type Nouns = Readonly<Record<string, Verbs>>

const isVerb = (what: Verb | Verbs | Nouns): what is Verb => typeof what.run === 'function'

/** The one place that catches: expected failures say what to do, bugs show where they are. */
export async function main(name: string, what: Verb | Verbs | Nouns): Promise<void> {
  const mask = makeMask(process.env)
  try {
    const words = process.argv.slice(2)
    const chosen = lookUp(name, what, words)
    const makeFile = await makeFiles(root).readIfThere('.make')
    process.exitCode = await chosen.run(withFlags(words), makeFile)
  } catch (error) {
    const expected = error instanceof RigletError
    const ended = isRigletError(error, 'INTERRUPTED') ? interruption.exitCode() : undefined
    process.exitCode = ended ?? (expected ? error.exitCode : exitCodes.failed)
    // Whoever reads no further has seen enough, unless there is something to do.
    if (ended === 0 && expected && error.remedy === '') return
    process.stderr.write(`${mask(expected ? renderFailure(error) : renderBug(error))}\n`)
  }
}

/** Takes as many words as it needs to come to a verb. */
function lookUp(name: string, what: Verb | Verbs | Nouns, words: string[]): Verb {
  if (isVerb(what)) return what
  const word = words.shift()
  if (word === undefined || !Object.hasOwn(what, word)) throw unknownVerb(name, word, Object.keys(what))
  return lookUp(word, what[word]!, words)
}
