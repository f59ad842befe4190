import type { clients } from '../../../../rehearsal/contract/support/aws.ts'
import type { Rehearsal } from '../../../../rehearsal/contract/support/rehearsal.ts'
import type { User } from '../user.ts'
import type { Identity } from '../visitor.ts'

export const vars = 'packer/web/web.pkrvars.hcl'
export const jobs = 'acme-shop-jobs-web-main'
export const pipeline = 'acme-shop-pipeline-web-main'
export const integrationStack = 'acme-shop-integration-app-web-main'
export const productionStack = 'acme-shop-production-app-web-main'

/** What the steps of the day go on from: its rehearsal, who works in it, and what the first version answered. */
export type Day = {
  readonly rehearsal: Rehearsal
  readonly user: User
  readonly aws: ReturnType<typeof clients>
  readonly first: Identity
}
