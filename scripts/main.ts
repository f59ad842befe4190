import { resolve } from 'node:path'
import { checkedEndpoint } from './aws/clients.ts'
import { makeRegional } from './aws/ports.ts'
import { unknownFlag, unknownVerb } from './core/catalogue/settings.ts'
import { exitCodes, isRigletError, RigletError } from './core/errors.ts'
import { withKeptNames } from './core/kept-names.ts'
import type { Ports } from './core/ports.ts'
import { isSetting, readSettings, saysYes, type SettingName, type Settings } from './core/settings.ts'
import { makeClock } from './io/clock.ts'
import { makeFiles } from './io/files.ts'
import { makeGit } from './io/git.ts'
import { http } from './io/http.ts'
import { makeMask } from './io/mask.ts'
import { makePacker } from './io/packer.ts'
import { makeProcesses } from './io/processes.ts'
import { listenForInterruption } from './io/signals.ts'
import { makeTerminal } from './io/terminal.ts'
import { makeTraffic } from './io/traffic.ts'
import { renderBug, renderFailure } from './view/failure.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What a verb wants to know beforehand, and what it does; the number is its exit code. */
export type Verb = { readonly run: (environment: Environment, makeFile: string | undefined) => Promise<number> }

/** The checkout's root, wherever a script was called from. */
export const root = resolve(import.meta.dirname, '..')

const interruption = listenForInterruption()

/** Settings -> ports. Nothing of AWS is loaded before it is used. */
function makePorts(settings: Settings, environment: Environment): Ports {
  const clock = makeClock(interruption.signal)
  const processes = makeProcesses(root, interruption.signal)
  const endpoint = checkedEndpoint(environment['AWS_ENDPOINT_URL'])
  const ofRegion = (region: string) => ({
    region,
    endpoint,
    // Keys in the environment win over a profile in .make, as every other setting does.
    profile: environment['AWS_ACCESS_KEY_ID'] ? undefined : settings.PROFILE,
  })
  // A verb that speaks to AWS needs REGION; the others never use these ports.
  const here = ofRegion(settings.REGION ?? 'us-east-1')
  return {
    terminal: makeTerminal({ environment, yes: saysYes(settings), signal: interruption.signal }),
    clock,
    files: makeFiles(root),
    git: makeGit(processes),
    processes,
    packer: makePacker(root, interruption.signal),
    http,
    ...makeRegional(here, clock),
    traffic: makeTraffic(),
    inRegion: (region) => makeRegional(ofRegion(region), clock),
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

/** `--yes`, `--json`, `--owner=acme` and `OWNER=acme` are settings, and win over the environment. */
function withFlags(flags: readonly string[]): Environment {
  const given = flags.map((flag) => {
    const match = /^(?:--([a-z][a-z-]*)|([A-Z][A-Z_]*)(?==))(?:=(.*))?$/s.exec(flag)
    if (!match) throw unknownFlag(flag)
    const name = match[2] ?? match[1]!.toUpperCase().replaceAll('-', '_')
    if (!isSetting(name)) throw unknownFlag(flag)
    return [name, match[3] ?? '1']
  })
  return { ...process.env, ...Object.fromEntries(given) }
}

/** The one place that catches: expected failures say what to do, bugs show where they are. */
export async function main(noun: string, verbs: Readonly<Record<string, Verb>> | Verb): Promise<void> {
  const mask = makeMask(process.env)
  try {
    const single = 'run' in verbs && typeof verbs.run === 'function'
    const words = process.argv.slice(2)
    const chosen = single ? (verbs as Verb) : lookUp(noun, words.shift(), verbs as Readonly<Record<string, Verb>>)
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

function lookUp(noun: string, word: string | undefined, verbs: Readonly<Record<string, Verb>>): Verb {
  const chosen = word !== undefined && Object.hasOwn(verbs, word) ? verbs[word] : undefined
  if (chosen === undefined) throw unknownVerb(noun, word, Object.keys(verbs))
  return chosen
}
