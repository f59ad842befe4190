import { wrongEndpoint } from '../core/catalogue/endpoint.ts'
import { toRigletError } from './failures.ts'

export type ClientOptions = {
  readonly region: string
  readonly profile?: string | undefined
  /** For messages; the SDK reads AWS_ENDPOINT_URL by itself. */
  readonly endpoint?: string | undefined
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
}

export const attempts = 8

/**
 * Adaptive: polls and changes share one rate budget, and throttling slows both down instead of failing them.
 * Requests are not cut off by Ctrl-C: whether a cut-off change happened, nobody could tell.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const configuration = ({ region, profile }: ClientOptions): object => ({
  region,
  ...(profile === undefined ? {} : { profile }),
  maxAttempts: attempts,
  retryMode: 'adaptive',
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
})

/** A client whose failures are RigletErrors wherever somebody expects them; see failures.ts. */
export function makeClient<Client extends Sender>(
  Constructor: new (configuration: never) => Client,
  options: ClientOptions,
): Pick<Client, 'send'> {
  const client = new Constructor(configuration(options) as never)
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
