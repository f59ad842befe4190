import { targetName, type Target } from '../access/target.ts'
import type { Group, Groups } from '../groups/groups.ts'

/** Where a group, or what builds for it, is. */
export type GroupPlace = {
  readonly target: Target
  readonly region: string
  readonly account: string | undefined
  readonly title: string
}

/** `home`: the riglet's region. */
export function placeOf(
  said: Pick<Group, 'account' | 'region'>,
  { accounts }: Pick<Groups, 'accounts'>,
  home: string,
): GroupPlace {
  const region = said.region ?? home
  const there = said.account === undefined ? undefined : accounts[said.account]
  if (there === undefined) return { target: { region }, region, account: undefined, title: region }
  const { account, role, externalId } = there
  const target = { region, account, role, ...(externalId === undefined ? {} : { externalId }) }
  return { target, region, account, title: targetName(target) }
}
