import { lookup as ask, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { addressRefused } from '../../core/feeds/errors.ts'
import type { RigletError } from '../../core/errors.ts'

/** The host of a URL as an address is written, without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** What kind of address it is, if it is none of the public internet: private, link-local (metadata) and the like. */
export function notPublic(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return 'unknown'
  // An IPv4 address inside an IPv6 one is looked at itself.
  const range = ipaddr.process(address).range()
  return range === 'unicast' ? undefined : range
}

/**
 * Refuses hosts that are an address of this machine's or a private network. Names are looked at where they are resolved.
 * @throws RigletError FEED
 */
export function refuseAddress(url: URL): void {
  const host = hostOf(url)
  const kind = isIP(host) === 0 ? undefined : notPublic(host)
  if (kind !== undefined) throw addressRefused(url.href, host, host, kind)
}

/**
 * A look-up for connections that goes to public addresses alone. It is the connection's own, so that no name can have one
 * address for the check and another one for the connection.
 */
export const publicLookup =
  (url: URL): LookupFunction =>
  (host, options, done) => {
    ask(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 0)
      const refused = firstRefused(url, host, addresses)
      const [first] = addresses
      if (refused !== undefined || first === undefined) return done(refused ?? new Error('no address'), '', 0)
      if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }

function firstRefused(url: URL, host: string, addresses: readonly LookupAddress[]): RigletError | undefined {
  for (const { address } of addresses) {
    const kind = notPublic(address)
    if (kind !== undefined) return addressRefused(url.href, host, address, kind)
  }
  return undefined
}
