import { DeregisterImageCommand } from '@aws-sdk/client-ec2'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { home, makeAccount, type Account, type Aws } from '../../rehearsal/contract/support/accounts.ts'
import { startRehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { copied, imageOf } from '../../rehearsal/contract/support/images.ts'
import { newUser, type User } from '../../test/journeys/support/user.ts'
import type { Ground } from '../../rehearsal/contract/support/ground.ts'

export const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-south-1', 'sa-east-1'] as const
/** Made with each account of an organisation, for who manages it. */
export const role = 'OrganizationAccountAccessRole'

/** An account in a region, and the snapshot that all images there are registered of. */
export type Place = {
  readonly account: string
  readonly region: string
  /** Of the use case whose images are published there. */
  readonly useCase: string
  readonly aws: Aws
  readonly snapshot: string
}

export const keyOf = ({ account, region }: Pick<Place, 'account' | 'region'>): string => `${account} ${region}`

/** A rehearsal with four accounts, the riglet's own the first of them, and somebody's checkout. */
export type World = {
  readonly ground: Ground
  readonly places: readonly Place[]
  readonly accounts: readonly string[]
  readonly user: User
  readonly ends: () => Promise<void>
}

export async function makeWorld(name: string): Promise<World> {
  const rehearsal = await startRehearsal(name)
  try {
    const ground: Ground = { rehearsal, aws: clients(rehearsal) }
    const accounts: Account[] = [home(ground)]
    for (const one of ['hub', 'stage', 'prod']) accounts.push(await makeAccount(ground, one))
    const places = await Promise.all(
      accounts.flatMap((account, index) => regions.map((region) => placeIn(account, region, `web${index}`))),
    )
    const user = await newUser(name, rehearsal)
    const ends = async (): Promise<void> => {
      await rehearsal.down()
      await user.leaves()
    }
    return { ground, places, accounts: accounts.map(({ id }) => id), user, ends }
  } catch (error) {
    await rehearsal.down()
    throw error
  }
}

async function placeIn(account: Account, region: string, useCase: string): Promise<Place> {
  const aws = account.in(region)
  const base = await imageOf(aws.ec2, await copied(aws, { Name: 'base', SourceRegion: region }))
  // Its snapshot stays.
  await aws.ec2.send(new DeregisterImageCommand({ ImageId: base.ImageId! }))
  return { account: account.id, region, useCase, aws, snapshot: base.BlockDeviceMappings![0]!.Ebs!.SnapshotId! }
}
