import { candidateUnfit, checksFailed, noReport, unusable } from '../../core/image/errors.ts'
import { inWords, readJunit, type Checks } from '../../core/image/junit.ts'
import { imageFolder, type ImageOrder } from '../../core/image/order.ts'
import { describeImage, encryptionFault, type ImageFacts } from '../../core/image/image-facts.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { chooseBuilder } from './find-base.ts'
import { readVariables } from './read-variables.ts'
import { runPacker } from './run-packer.ts'
import { settleSource } from './settle-source.ts'
import { builderTags, sweepBuilders } from './sweep-builders.ts'

/** Where CodeBuild looks for reports. */
export const reportFile = 'reports/verify.xml'

/**
 * Boots a candidate, runs its checks on it and keeps the report. The machine is gone afterwards, whatever happened.
 * @throws RigletError IMAGE | INTERRUPTED
 */
export async function verifyImage(
  order: ImageOrder & { readonly imageId: string; readonly report: string; readonly encrypted: boolean },
  ports: Ports,
): Promise<Checks> {
  const [candidate] = await ports.images.describe([order.imageId])
  if (candidate?.state !== 'available') throw unusable(order.imageId, candidate)
  const unfit = isMadeOf(order, candidate) && encryptionFault(candidate, order.encrypted, order.image)
  if (unfit) throw candidateUnfit(unfit)
  await settleSource(order.source, ports)
  const instanceType = await chooseBuilder(order, await readVariables(order, ports), candidate.architecture, ports)
  const tags = builderTags({ OWNER: order.owner, PROJECT: order.project }, 'verify', order.builtFor)
  await sweepBuilders(tags, ports)
  ports.terminal.say(`Verifying ${describeImage(candidate.id, candidate)}: a machine boots from it`)

  // An old report must never pass for this one's.
  await ports.files.write(order.report, '')
  const { code, reasons } = await runPacker(
    'packer/verify.pkr.hcl',
    {
      owner: order.owner,
      project: order.project,
      built_for: order.builtFor,
      build: order.build,
      checks: `${imageFolder(order)}/checks/goss.yaml`,
      image_id: candidate.id,
      instance_type: instanceType,
      subnet_id: order.subnet,
      security_group_id: order.securityGroup,
      goss: ports.packer.goss,
      report: order.report,
    },
    ports,
  )
  // Packer removes its machine also when it fails; this is for when it was killed.
  await sweepBuilders(tags, ports)

  const checks = readJunit(await ports.files.read(order.report))
  if (checks === undefined) throw noReport(candidate.id, code, reasons)
  if (checks.failures.length > 0) throw checksFailed(candidate.id, checks.failures)
  if (code !== 0) throw noReport(candidate.id, code, reasons)
  ports.terminal.say(`${candidate.id}: ${inWords(checks)}`)
  return checks
}

/** Others' images may be verified, too, and are encrypted as they are. */
const isMadeOf = ({ owner, project, image }: ImageOrder, { tags }: ImageFacts): boolean =>
  tags['Owner'] === owner && tags['Project'] === project && tags['Image'] === image
