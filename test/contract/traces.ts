import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Rehearsal } from '../journeys/support/rehearsal.ts'
import { until } from './rehearsal.ts'

export { kindsOf, kindsOfTraces, tracesOf } from '../journeys/support/traces.ts'

const run = promisify(execFile)

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
