import { consumersOf, placesOf } from '../../core/distribution/place.ts'
import { copierOf, type ReplicaPlan } from '../../core/distribution/plan-replica.ts'
import { desiredReplica, type DesiredReplica } from '../../core/distribution/replica.ts'
import type { Admission } from '../../core/distribution/step.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf } from '../../core/settings/settings.ts'
import { choose, type Chosen, type DistributionSettings } from './choose.ts'
import { desiredImages } from './read-manifests.ts'

/** What an image is to be, everywhere. */
export type Assembled = Chosen & { readonly replicas: readonly DesiredReplica[] }

/** Reads what is wanted, chooses the candidates, and says where each of them is to be as what. */
export async function assemble(
  settings: DistributionSettings,
  ports: Pick<Ports, 'files' | 'images' | 'pipelines' | 'stacks'>,
): Promise<Assembled> {
  const desired = await desiredImages(ports)
  const chosen = await choose(settings, desired, ports)
  const { image, candidates } = chosen
  const consumers = consumersOf(image, desired)
  return {
    ...chosen,
    replicas: placesOf(image, desired, settings.REGION).flatMap((place) =>
      candidates.map((candidate) => desiredReplica(rigletOf(settings), image, candidate, place, consumers)),
    ),
  }
}

/**
 * Puts what lets another account copy a candidate before each of its copies, where that is not done yet. It is the same step
 * for all regions of the account.
 */
export async function withAdmissions(
  plans: readonly ReplicaPlan[],
  ports: Pick<Ports, 'publishing'>,
): Promise<readonly ReplicaPlan[]> {
  const admissions = new Map<string, Promise<Admission | undefined>>()
  const admissionFor = ({ replica }: ReplicaPlan): Promise<Admission | undefined> | undefined => {
    const [account, { id, snapshots }] = [copierOf(replica), replica.candidate]
    if (account === undefined) return undefined
    const key = `${account} ${id}`
    const known = admissions.get(key) ?? unlessAdmitted({ type: 'admit', account, image: id, snapshots }, ports)
    admissions.set(key, known)
    return known
  }
  return Promise.all(
    plans.map(async (plan) => {
      const admission = plan.steps.some(({ type }) => type === 'copy') ? await admissionFor(plan) : undefined
      return admission === undefined ? plan : { ...plan, steps: [admission, ...plan.steps] }
    }),
  )
}

async function unlessAdmitted(
  admission: Admission,
  { publishing }: Pick<Ports, 'publishing'>,
): Promise<Admission | undefined> {
  const { account, image, snapshots } = admission
  const [users, ...readers] = await Promise.all([
    publishing.sharedWith(image),
    ...snapshots.map((snapshot) => publishing.readersOf(snapshot)),
  ])
  return users.includes(account) && readers.every((accounts) => accounts.includes(account)) ? undefined : admission
}
