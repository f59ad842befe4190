import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { promisify } from 'node:util'
import type { Rehearsal } from './rehearsal.ts'
import { until } from './until.ts'

const run = promisify(execFile)

/** What a rehearsal with an instance has on this machine, each under the name that rehearsal/machines/names.py gives it. */
export const kindsOfTraces = ['disk', 'link', 'mount', 'namespace', 'process', 'state', 'table']

/** Which kinds of traces there are: a search that finds nothing while something runs would prove nothing later. */
export const kindsOf = (traces: readonly string[]): readonly string[] =>
  [...new Set(traces.map((trace) => trace.split(' ')[0]!))].sort()

/** All that this machine has of a rehearsal, running or left behind: each trace a line that begins with its kind. */
export async function tracesOf(name: string): Promise<readonly string[]> {
  const tool = async (command: string, ...words: string[]): Promise<readonly string[]> =>
    (await run(command, words)).stdout.split('\n')
  // The kernel keeps 15 characters of an interface's name: a digest stands for the rehearsal's.
  const uplink = `rh${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  const within = (text: string): boolean => text.includes(`/${name}/`) || text.includes(`rehearsal.${name}.`)
  const disks = `${process.env['XDG_CACHE_HOME'] ?? `${homedir()}/.cache`}/aws-rehearsal/machines`
  const found: Readonly<Record<string, readonly string[]>> = {
    disk: (await names(disks)).filter((folder) => folder === name),
    link: (await tool('ip', '-br', 'link')).filter((line) => line.split(/[@\s]/)[0] === uplink),
    mount: (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').filter(within),
    namespace: (await tool('ip', 'netns', 'list')).filter((line) => line.startsWith(`rehearsal.${name}.`)),
    process: (await tool('ps', '-eo', 'args')).filter(
      (line) => line.includes(` rehearsal serve --name ${name} `) || (/^systemd-nspawn/.test(line) && within(line)),
    ),
    state: (await names('/run/aws-rehearsal')).filter((folder) => folder === name),
    table: (await tool('nft', 'list', 'tables')).filter((line) => line.endsWith(` rehearsal-${name}`)),
  }
  return Object.entries(found).flatMap(([kind, lines]) => lines.map((line) => `${kind} ${line}`))
}

const names = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => [])

/** What this machine has of a rehearsal's instances: namespaces, mounts and processes. */
export async function instancesOf(name: string): Promise<readonly string[]> {
  const [spaces, processes, mounts] = await Promise.all([
    run('ip', ['netns', 'list']),
    run('ps', ['-eo', 'args']),
    readFile('/proc/self/mountinfo', 'utf8'),
  ])
  return [
    ...spaces.stdout.split('\n').filter((line) => line.startsWith(`rehearsal.${name}.i-`)),
    ...mounts.split('\n').filter((line) => line.includes(`/${name}/machines/i-`)),
    ...processes.stdout.split('\n').filter((line) => /^systemd-nspawn/.test(line) && line.includes(`/${name}/`)),
  ]
}

/** Until nothing answers at its endpoint any more. */
export async function untilSilent({ endpoint }: Rehearsal): Promise<void> {
  const answers = (): Promise<boolean> =>
    fetch(endpoint).then(
      () => true,
      () => false,
    )
  await until(answers, (still) => !still, 10)
}
