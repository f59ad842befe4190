import { RigletError } from '../errors.ts'
import type { Proxy } from './proxy.ts'

const named = ({ shown, variable }: Proxy): string => `The proxy ${shown} (${variable})`

/** It answered, and did not let us through. */
export function proxyRefused(proxy: Proxy, target: string, status: number, words: string): RigletError {
  const answer = `${status}${words === '' ? '' : ` ${words}`}`
  if (status !== 407)
    return new RigletError(
      'PROXY',
      `${named(proxy)} does not lead to ${target}: ${answer}.`,
      status < 500
        ? `Ask whoever runs it to allow ${target}, or name that in NO_PROXY if it can be reached without.`
        : 'Run the same command again; if it stays so, ask whoever runs the proxy.',
    )
  return proxy.shown.includes('@')
    ? new RigletError(
        'PROXY',
        `${named(proxy)} does not accept the user and password in ${proxy.variable}: ${answer}.`,
        'Check both; @ / : # % in them are written %40 %2F %3A %23 %25.',
      )
    : new RigletError(
        'PROXY',
        `${named(proxy)} wants a user and a password: ${answer}.`,
        `Put them in front of its host: ${proxy.variable}=http://USER:PASSWORD@HOST:PORT`,
      )
}

/** Nobody was there to answer, or what answered is no proxy. */
export function proxyDown(proxy: Proxy, why: string, cause: unknown): RigletError {
  const words =
    why === 'ENOTFOUND' || why === 'EAI_AGAIN' ? `${named(proxy)} has no address` : `${named(proxy)} does not answer`
  return new RigletError(
    'PROXY',
    `${words} (${why}).`,
    `Check ${proxy.variable}. If AWS can be reached without a proxy, unset it, or export NO_PROXY=amazonaws.com.`,
    cause,
  )
}
