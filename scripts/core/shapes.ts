import { environments, type Environment } from './names.ts'

/** What an app of an environment begins with, as its template's parameters spell it. */
export type Sizes = { readonly InstanceType: string; readonly MinSize: string; readonly MaxSize: string }

/** An environment as a value. environments.yaml may say other addresses and sizes. */
export type Shape = {
  /** Addresses of its network: a block of 65,536, of which each subnet has 256. */
  readonly cidr: string
  readonly sizes: Sizes
  /** Images are baked in its network, so no other one pays for a NAT gateway for that. */
  readonly builds?: true
  /** Where an image goes from here; the last environment has none, and a person stands before it. */
  readonly promotesTo?: Environment
}

/** Addresses do not overlap, so that environments can be peered and an address alone tells where it belongs. */
export const shapes: Readonly<Record<Environment, Shape>> = {
  integration: {
    cidr: '10.1.0.0/16',
    sizes: { InstanceType: 't3.micro', MinSize: '1', MaxSize: '2' },
    builds: true,
    promotesTo: 'staging',
  },
  staging: {
    cidr: '10.2.0.0/16',
    sizes: { InstanceType: 't3.small', MinSize: '2', MaxSize: '4' },
    promotesTo: 'production',
  },
  production: { cidr: '10.3.0.0/16', sizes: { InstanceType: 't3.small', MinSize: '2', MaxSize: '4' } },
}

/** In whose network images are baked. */
export const buildEnvironment = environments.find((name) => shapes[name].builds)!

/** Whether nothing lies behind it: what reaches it was approved, and what it holds is protected. */
export const isLast = (name: Environment | undefined): boolean =>
  name !== undefined && shapes[name].promotesTo === undefined

/** The one that a person approves for. */
export const lastEnvironment = environments.find(isLast)!
