import { run } from './commands.ts'

export type Status = {
  readonly port: number
  readonly memory: number
  readonly peak_memory: number
  readonly requests: number
}

type Entry = { readonly service: string; readonly operation: string; readonly principal: string }

const named = (name: string): readonly string[] => ['--name', name]

/** Seconds until a rehearsal answers, without what a first one leaves in the caches; it is down afterwards. */
export function upSeconds(name: string): number {
  run(['python', '-m', 'rehearsal', 'up', ...named(name), '--port', '0'])
  run(['python', '-m', 'rehearsal', 'down', ...named(name)])
  const { seconds } = run(['python', '-m', 'rehearsal', 'up', ...named(name), '--port', '0'])
  run(['python', '-m', 'rehearsal', 'down', ...named(name)])
  return seconds
}

export const status = (name: string): Status =>
  JSON.parse(run(['python', '-m', 'rehearsal', 'status', ...named(name), '--json']).out) as Status

/** The calls that the user's own credentials made while `work` ran; services and roles make theirs all the time. */
export async function callsDuring(endpoint: string, work: () => void): Promise<readonly string[]> {
  const before = await journal(endpoint)
  work()
  const after = await journal(endpoint)
  return after
    .slice(before.length)
    .filter(({ principal }) => principal.endsWith(':root'))
    .map(({ service, operation }) => `${service}:${operation}`)
}

const journal = async (endpoint: string): Promise<readonly Entry[]> => {
  const response = await fetch(`${endpoint}/_rehearsal/journal`)
  return ((await response.json()) as { readonly entries: readonly Entry[] }).entries
}
