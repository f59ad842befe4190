import { RigletError } from '../errors.ts'
import type { Riglet } from '../names.ts'

export const rigletExists = (riglet: string, region: string): RigletError =>
  new RigletError(
    'RIGLET_EXISTS',
    `${riglet} exists already in ${region}.`,
    'Nothing was changed. `make status` shows it, `make update-environment ENV=...` and `make update-pipeline` change it.\n' +
      'For another one choose another OWNER or PROJECT in .make.',
  )

export const noRiglet = ({ owner, project }: Riglet, region: string): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `There is no riglet ${owner}-${project} in ${region}: no stack there carries Owner=${owner} and Project=${project}.`,
    'Check OWNER, PROJECT, REGION and PROFILE in .make. `make create-riglet` makes one.',
  )

export const quotaTooLow = (shortages: readonly string[], region: string): RigletError =>
  new RigletError(
    'QUOTA',
    `${region} has no room for three environments: ${shortages.join('; ')}.`,
    'Nothing was created. Ask for more in Service Quotas (L-F678F1CE for VPCs, L-0263D0A3 for Elastic IPs),\n' +
      'or delete some. If more VPCs were granted already, say so: VPC_QUOTA=10.',
  )

export const wrongRigletName = (riglet: string): RigletError =>
  new RigletError(
    'NOT_CONFIRMED',
    `The name ${riglet} was not given.`,
    `Nothing was deleted. If it is really to go, type its name, or without a terminal: make delete-riglet RIGLET=${riglet}`,
  )

export const nameNotGiven = (riglet: string): RigletError =>
  new RigletError(
    'NOT_CONFIRMED',
    `The name ${riglet} was not given.`,
    `Nothing was changed. To lift the protection type its name, or without a terminal: make unprotect-riglet RIGLET=${riglet}`,
  )

export const buildersStay = (ids: readonly string[], minutes: number, command: string): RigletError =>
  new RigletError(
    'WAIT_TOO_LONG',
    `${ids.join(', ')} still ${ids.length === 1 ? 'is' : 'are'} there ${minutes} minutes after termination was asked for; the networks that builder machines stand in cannot be deleted before.`,
    `Look: ${command}\nWhen nothing is left of them: make delete-riglet`,
  )
