import { makeAccount, type Aws } from '../../../rehearsal/contract/support/accounts.ts'
import { clients } from '../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'

/** Somebody else's account, as its administrator sees it: a member of the riglet's own organization. */
export async function otherAccount(rehearsal: Rehearsal): Promise<Aws> {
  return (await makeAccount({ rehearsal, aws: clients(rehearsal) }, 'them')).in()
}
