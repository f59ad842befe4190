import { groupOperations, groupRole, lacking, ungranted } from './key-use.ts'
import type { KeyUse } from '../ports/keys.ts'
import type { DesiredReplica } from './replica.ts'

export type KeySeen = ({ readonly type: 'seen' } & KeyUse) | { readonly type: 'unchecked'; readonly why: string }

/**
 * Whether the accounts that an encrypted copy is for could launch from it, before it is made (B10): each may use its key, by the
 * key's policy or by grants, and so may the role under which their Auto Scaling groups launch. Without the first nobody there
 * launches anything, which is a fault; without the second their groups do not, which is told. What nobody can tell is told as
 * unchecked.
 */
export function keyPreflight(
  { consumers, key, place }: DesiredReplica,
  arn: string,
  seen: KeySeen,
): { readonly faults: readonly string[]; readonly notes: readonly string[] } {
  const accounts = consumers.filter((who) => /^\d{12}$/.test(who) && who !== arn.split(':')[4])
  const notes = consumers
    .filter((who) => who.startsWith('arn:'))
    .map((who) => `not checked whether the accounts of ${who} may use the key ${key}: which they are is not known here`)
  if (accounts.length === 0) return { faults: [], notes }
  if (seen.type === 'unchecked')
    return {
      faults: [],
      notes: [...notes, `not checked whether ${accounts.join(', ')} may use the key ${key}: ${seen.why}`],
    }

  const faults: string[] = []
  for (const account of accounts) {
    const { denied, open } = lacking(account, seen)
    if (denied.length > 0) {
      faults.push(
        `${account} could launch nothing from it: the policy of the key ${key} does not let that account do ${denied.join(', ')}`,
      )
      continue
    }
    if (open.length > 0)
      notes.push(
        `not checked whether ${account} may use the key ${key}: its policy lets it do ${open.join(', ')} under conditions`,
      )
    if (ungranted(account, seen).length > 0)
      notes.push(
        `Auto Scaling groups of ${account} cannot launch from it until that account grants their role the use of the key: ` +
          `aws kms create-grant --region ${place.region} --key-id ${arn} --grantee-principal ${groupRole(account)} ` +
          `--operations ${groupOperations.join(' ')}`,
      )
  }
  return { faults, notes }
}
