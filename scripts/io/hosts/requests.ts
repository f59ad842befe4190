import type { Proxies } from '../../core/access/proxy.ts'
import { addressOf } from '../../core/manifest/consumer.ts'
import type { Clock } from '../../core/ports/local/clock.ts'
import type { Destination, Requests } from '../../core/ports/local/proposals.ts'
import { hostSilent } from '../../core/proposal/errors.ts'
import { HostSilence, makeAskHost, type AskHost } from './ask-host.ts'

/** Requests at the consumer's host; undefined: it has none. Each host's part is loaded when it is used. */
export async function makeRequests(
  clock: Clock,
  proxies: Proxies | undefined,
  destination: Destination,
): Promise<Requests | undefined> {
  const { consumer } = destination
  const asking = makeAskHost(clock, proxies)
  const ask: AskHost = async (request) => {
    try {
      return await asking(request)
    } catch (error) {
      if (!(error instanceof HostSilence)) throw error
      throw hostSilent(consumer, addressOf(request.url).host ?? request.url, error.message)
    }
  }
  switch (consumer.host) {
    case 'github':
      return (await import('./github.ts')).makeGitHub(destination, ask)
    case 'gitlab':
      return (await import('./gitlab.ts')).makeGitLab(destination, ask)
    case 'git':
      return undefined
  }
}
