/** Where a step happens. Without account and role it is the account that the run is at home in. */
export type Target = { readonly region: string } | RoleTarget

/** In another account, by a role there that lets this one in. */
export type RoleTarget = {
  readonly region: string
  readonly account: string
  /** Its name, with its path if it has one. */
  readonly role: string
  /** What its trust policy asks for besides who we are.
   *  https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html */
  readonly externalId?: string
}

export const needsRole = (target: Target): target is RoleTarget => 'role' in target

/** Regions are those of the standard partition (core/name-rules.ts). */
export const roleArn = ({ account, role }: RoleTarget): string => `arn:aws:iam::${account}:role/${role}`

/** As messages name it: `222222222222 eu-west-1`, or the region alone where it is the account of the run. */
export const targetName = (target: Target): string =>
  needsRole(target) ? `${target.account} ${target.region}` : target.region
