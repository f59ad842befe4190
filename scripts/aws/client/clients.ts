import type { Agent } from 'node:http'
import type { FromIniInit } from '@aws-sdk/credential-provider-ini'
import { wrongEndpoint } from '../../core/access/endpoint-errors.ts'
import { checkClock } from './check-clock.ts'
import { toRigletError, type Origin } from './failures.ts'

/** Keys, and when they end. */
export type Identity = Parameters<NonNullable<FromIniInit['roleAssumer']>>[0]

/** Agents of Node that lead through a proxy. */
export type LoadAgents = () => Promise<{ readonly httpAgent: Agent; readonly httpsAgent: Agent }>

export type ClientOptions = Origin & {
  readonly profile?: string | undefined
  /** undefined: directly. */
  readonly loadAgents?: LoadAgents | undefined
  /** undefined: what the SDK finds. */
  readonly identify?: (() => Promise<Identity>) | undefined
}

/**
 * Of `127.0.0.1:9` the SDK makes a TypeError, of `localhost:9` a request to port 80.
 * @throws RigletError SETTINGS
 */
export function checkedEndpoint(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || endpoint === '') return undefined
  if (!/^https?:\/\/[^/]/i.test(endpoint) || !URL.canParse(endpoint)) throw wrongEndpoint(endpoint)
  return endpoint
}

type Sender = {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- every client's send has overloads of its own
  send: (command: any) => Promise<any>
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- nor do their stacks have a type in common
  readonly middlewareStack?: { readonly add: (middleware: any, options: any) => void }
}

export const attempts = 8

/**
 * Adaptive: polls and changes share one rate budget, and throttling slows both down instead of failing them.
 * Requests are not cut off by Ctrl-C: whether a cut-off change happened, nobody could tell.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const configuration = ({ region, profile, loadAgents, identify }: ClientOptions): object => ({
  region,
  ...(profile === undefined ? {} : { profile }),
  ...(identify === undefined ? {} : { credentials: identify }),
  maxAttempts: attempts,
  retryMode: 'adaptive',
  requestHandler: requestHandler(loadAgents),
})

/**
 * How requests are made, as the SDK's handler takes it. A connection on which nothing moves for two minutes is given up; a
 * long upload goes on. A proxy's connection has a time limit of its own, a little shorter, so that its failures can name it.
 */
export const requestHandler = (loadAgents: LoadAgents | undefined): object =>
  loadAgents === undefined
    ? { connectionTimeout: 5_000, socketTimeout: 120_000 }
    : async () => ({ connectionTimeout: 6_000, socketTimeout: 120_000, ...(await loadAgents()) })

/** A client whose failures are RigletErrors wherever somebody expects them; see failures.ts. */
export function makeClient<Client extends Sender>(
  Constructor: new (configuration: never) => Client,
  options: ClientOptions,
): Pick<Client, 'send'> {
  const client = new Constructor(configuration(options) as never)
  // Low: next to the connection, so that it sees what was refused, too.
  client.middlewareStack?.add(checkClock, { step: 'deserialize', name: 'checkClock', priority: 'low' })
  const send = async (command: unknown): Promise<unknown> => {
    try {
      return await client.send(command)
    } catch (error) {
      throw toRigletError(error, options)
    }
  }
  return { send: send as Client['send'] }
}

/** The same, made when it is first used: for ports that speak to several services and seldom to all of them. */
export function lazyClient<Client extends Sender>(
  load: () => Promise<new (configuration: never) => Client>,
  options: ClientOptions,
): Pick<Client, 'send'> {
  let made: Promise<Pick<Client, 'send'>> | undefined
  const send = async (command: unknown): Promise<unknown> => {
    made ??= load().then((Constructor) => makeClient(Constructor, options))
    return (await made).send(command)
  }
  return { send: send as Client['send'] }
}
