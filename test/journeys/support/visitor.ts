import { makeTraffic, type Visitor } from '../../../demo/traffic.ts'
import type { User } from './user.ts'

/** A visitor who asks an environment's app 20 times a second. */
export async function visit(user: User, environment: string): Promise<Visitor> {
  return makeTraffic().start(`${await urlOf(user, environment)}/identity.json`, 20)
}

export async function urlOf(user: User, environment: string): Promise<string> {
  const { stdout } = await user.does('outputs-app', `ENV=${environment}`, 'JSON=1')
  const url = /"(https?:\/\/[^"]+)"/.exec(stdout)?.[1]
  if (url === undefined) throw new Error(`no URL in ${stdout}`)
  return url.replace(/\/$/, '')
}

export type Identity = { readonly version: string; readonly imageId: string; readonly instanceId: string }

/** What the app answers now. */
export const identityAt = async (user: User, environment: string): Promise<Identity> =>
  (await (await fetch(`${await urlOf(user, environment)}/identity.json`)).json()) as Identity
