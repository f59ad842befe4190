import { settingsFaults } from '../settings/errors.ts'
import type { Fault } from '../errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A proxy as somebody set it. */
export type Proxy = {
  readonly url: string
  /** The variable that it comes from. */
  readonly variable: string
  /** Without user and password. */
  readonly shown: string
}

export type Proxies = {
  readonly http: Proxy | undefined
  readonly https: Proxy | undefined
  /** Entries of NO_PROXY. */
  readonly except: readonly string[]
}

/** Both spellings are in use; of two the small one counts, and empty it switches the other off, as for curl and Python. */
function pick(
  name: string,
  environment: Environment,
): { readonly variable: string; readonly value: string } | undefined {
  const variable = [name.toLowerCase(), name].find((word) => environment[word] !== undefined)
  const value = variable === undefined ? '' : environment[variable]!.trim()
  return variable === undefined || value === '' ? undefined : { variable, value }
}

/**
 * What stands in HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY; undefined when no proxy is to be used at all.
 * `endpoint`: a stand-in for AWS on this machine brings all its addresses along, and no proxy leads to them.
 * @throws RigletError SETTINGS
 */
export function readProxies(environment: Environment, endpoint?: string): Proxies | undefined {
  if (endpoint !== undefined && isLocal(new URL(endpoint).hostname)) return undefined
  const faults: Fault[] = []
  const read = (name: string): Proxy | undefined => {
    const found = pick(name, environment) ?? pick('ALL_PROXY', environment)
    if (found === undefined) return undefined
    const url = parse(found.value)
    if (url === undefined) {
      const what =
        'is not of the form http://host:port, https:// or socks5h://; in a user or password @ / : # % are written ' +
        '%40 %2F %3A %23 %25'
      if (!faults.some(({ where }) => where === found.variable)) faults.push({ where: found.variable, what })
      return undefined
    }
    const hidden = url.username === '' && url.password === '' ? '' : '****@'
    return { url: url.href, variable: found.variable, shown: `${url.protocol}//${hidden}${url.host}` }
  }
  const [http, https] = [read('HTTP_PROXY'), read('HTTPS_PROXY')]
  if (faults.length > 0) throw settingsFaults(faults, [], false)
  const except = (pick('NO_PROXY', environment)?.value ?? '')
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean)
  return (http === undefined && https === undefined) || except.includes('*') ? undefined : { http, https, except }
}

function parse(value: string): URL | undefined {
  try {
    const url = new URL(value.includes('://') ? value : `http://${value}`)
    decodeURIComponent(url.username + url.password)
    return /^(?:https?|socks(?:4a?|5h?)?):$/.test(url.protocol) && url.hostname !== '' ? url : undefined
  } catch {
    return undefined
  }
}

/** The proxy that leads to an address, or undefined where it is asked directly. */
export function proxyFor(address: string, proxies: Proxies): Proxy | undefined {
  const { protocol, hostname, port } = new URL(address)
  const proxy = protocol === 'https:' ? proxies.https : proxies.http
  if (proxy === undefined || isLocal(hostname)) return undefined
  const number = port || (protocol === 'https:' ? '443' : '80')
  return proxies.except.some((entry) => covers(entry, plain(hostname), number)) ? undefined : proxy
}

const plain = (host: string): string => host.toLowerCase().replace(/^\[|\]$|\.$/g, '')

/** This machine and its link, where credentials of instances and containers come from: never a proxy's matter. */
function isLocal(hostname: string): boolean {
  const host = plain(hostname)
  return (
    /^(?:.+\.)?localhost$/.test(host) ||
    ['::1', '0.0.0.0', 'fd00:ec2::254', 'fd00:ec2::23'].includes(host) ||
    ['127.0.0.0/8', '169.254.0.0/16'].some((range) => inRange(range, host))
  )
}

/** As curl and botocore read it: a name covers what lies below it; a dot or `*.` in front changes nothing. */
function covers(entry: string, host: string, port: string): boolean {
  const [, name = entry, desired] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? []
  if (desired !== undefined && desired !== port) return false
  const bare = plain(name).replace(/^\*?\./, '')
  return host === bare || inRange(bare, host) || (!/^[\d.]+$/.test(host) && host.endsWith(`.${bare}`))
}

const asNumber = (address: string): number | undefined =>
  /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)
    ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    : undefined

/** Whether an IPv4 address lies in a range such as 10.0.0.0/8. */
function inRange(range: string, host: string): boolean {
  const [base = '', bits = ''] = range.split('/')
  const [from, address] = [asNumber(base), asNumber(host)]
  if (from === undefined || address === undefined || !/^(?:[12]?\d|3[0-2])$/.test(bits)) return false
  const size = 2 ** (32 - Number(bits))
  return Math.floor(from / size) === Math.floor(address / size)
}
