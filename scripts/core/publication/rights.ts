import { needsRole, roleArn } from '../access/target.ts'
import { placesOf, targetIn } from '../distribution/place.ts'
import { notDesired } from '../distribution/errors.ts'
import type { Consumer } from '../manifest/consumer.ts'
import type { Desired } from '../manifest/desired-images.ts'
import { notForJobs } from './errors.ts'

/** What the jobs of a publication have to reach, as images.yaml says; an empty text stands for nothing. */
export type PublicationRights = {
  /** In this account: where the image lies, and where else this account publishes it. */
  readonly regions: readonly string[]
  /** ARN of the role in the account that publishes the image, if that is another one. */
  readonly role: string
  /** ARNs of such roles of all images: Document looks at all that the manifest says. */
  readonly manifestRoles: readonly string[]
  readonly consumer: string
  readonly tokenParameter: string
  readonly tokenEntry: string
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html */
const secretPath = '/aws/reference/secretsmanager/'

/** What a job can neither have nor do: each has a way by hand. */
function faultsOf(image: string, architectures: readonly string[], consumer: Consumer | undefined): readonly string[] {
  const { repository, token } = consumer ?? {}
  return [
    ...(architectures.length > 1
      ? [`images.${image}.architectures: a pipeline bakes for one; several are published by hand`]
      : []),
    ...(repository !== undefined && (repository.startsWith('ssh:') || /^\w[\w.-]*@/.test(repository))
      ? ['consumer.repository: a job has no key for ssh; say https, and a token']
      : []),
    ...(token !== undefined && !token.startsWith('/')
      ? [
          `consumer.token: ${token} is a variable of a person's shell; a job reads a parameter, such as /acme/shop/token`,
        ]
      : []),
  ]
}

/**
 * What the jobs that publish an image have to reach. `home`: the riglet's region.
 * @throws RigletError NOT_FOUND | FILE with all that a job could not do
 */
export function rightsOf(name: string, desired: Desired, home: string): PublicationRights {
  const image = desired.images[name]
  if (image === undefined) throw notDesired(name, Object.keys(desired.images))
  const { consumer } = desired
  const faults = faultsOf(name, image.architectures, consumer)
  if (faults.length > 0) throw notForJobs(faults)
  const places = placesOf(image, desired, home)
  const own = places.flatMap(({ target, region }) => (needsRole(target) ? [] : [region]))
  const roleOf = (account: string | undefined): readonly string[] => {
    const target = targetIn(account === undefined ? undefined : desired.accounts[account], home)
    return needsRole(target) ? [roleArn(target)] : []
  }
  const token = consumer?.token ?? ''
  return {
    regions: [...new Set([home, ...own])],
    role: roleOf(image.account)[0] ?? '',
    manifestRoles: [...new Set(Object.values(desired.images).flatMap(({ account }) => roleOf(account)))].sort(),
    consumer: consumer?.repository ?? '',
    tokenParameter: token,
    tokenEntry: token.startsWith(secretPath) ? token.slice(secretPath.length) : '',
  }
}
