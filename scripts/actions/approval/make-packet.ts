import { freezeWords, minute } from '../../core/approval/freeze.ts'
import { digestOf, packetFormat, shortDigest, type Packet } from '../../core/approval/packet.ts'
import { noWayBack } from '../../core/approval/errors.ts'
import { wayBackFaults, wayBackLines } from '../../core/approval/way-back.ts'
import { imageSurprise, imageUnusable } from '../../core/image/use-errors.ts'
import { imageSurprises } from '../../core/stack/image-surprises.ts'
import { isRigletError } from '../../core/errors.ts'
import { exportsFile, exportsOf } from '../../core/exports.ts'
import { certain, uncertain } from '../../core/image/launch.ts'
import { packetKey, pipelineChangeSet, stackName } from '../../core/names.ts'
import { environmentOf, rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import { packageDifference } from '../../core/packages/difference.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { controlFile, describeControl, readControlFile } from '../../core/pipeline/control.ts'
import { endsRollback } from '../../core/rollback/record.ts'
import { renderPacket } from '../../view/packet.ts'
import { readPackages } from '../packages/read-packages.ts'
import type { PipelineSettings } from '../pipeline/push-source.ts'
import { readPushed } from '../pipeline/read-pushed.ts'
import { findFreeze } from '../pipeline/find-freeze.ts'
import { findRollback } from './find-rollback.ts'
import { readSituation } from './packet-facts.ts'
import { tryWayBack } from './try-way-back.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** What the pipeline tells a job about its production stage. */
export type JobSettings = PipelineSettings & Settings<'ENV' | 'ARTIFACTS_BUCKET'>

/**
 * Writes the approval packet of a change set to the artifact bucket, once as data and once to read, under its digest.
 * The pipeline's variables (`out/exports.env`) carry digest and key on.
 * @throws RigletError CHANGE_SET | IMAGE
 */
export async function makePacket(settings: JobSettings & Settings<'EXECUTION_ID'>, ports: Ports): Promise<void> {
  const bucket = settings.ARTIFACTS_BUCKET
  const [riglet, environment, source] = [rigletOf(settings), environmentOf(settings), sourceOf(settings)]
  const stack = stackName.app(riglet, environment, source)
  // The plan stage has a set of its own, so that it leaves alone one that waits for approval.
  const name = settings.CHANGE_SET ?? pipelineChangeSet(settings.EXECUTION_ID)
  const whose = marksOf(riglet, source, environment)
  const situation = await readSituation(stack, whose, name, ports).catch((error: unknown) => {
    // Executing a change set deletes all others of its stack: an execution before this one did that since.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
    if (settings.PLANNING !== undefined && isRigletError(error, 'CHANGE_SET')) return undefined
    throw error
  })
  if (situation === undefined) {
    ports.terminal.say(
      `${name} is gone: ${stack} was changed since. It is planned anew at production, and asked about.`,
    )
    return ports.files.write(exportsFile, exportsOf({ CHANGES: 'yes' }))
  }
  const { deployed, changeSet, group, hindrances, back } = situation
  const { newImage } = situation.decisive
  // Nobody is asked about what could not run.
  if (certain(hindrances).length > 0) throw imageUnusable(newImage.id, certain(hindrances))
  const surprises = imageSurprises(changeSet.changes, newImage.id)
  if (surprises.length > 0) throw imageSurprise(stack, newImage.id, surprises)
  const [wayBack, packages, pushed, control, ahead, freeze, kept] = await Promise.all([
    tryWayBack(back, ports),
    readDifference(bucket, situation.decisive.oldImage?.id, newImage.id, ports),
    readPushed(settings, ports),
    ports.files.readIfThere(controlFile),
    waitsAhead(settings, ports),
    findFreeze(riglet, environment, source, ports),
    findRollback(riglet, environment, source, ports),
  ])
  const decisive = { ...situation.decisive, wayBack }
  if (settings.REQUIRE_WAY_BACK === 'yes' && changeSet.executable && wayBackFaults(wayBack).length > 0)
    throw noWayBack(stack, wayBack!.image, wayBackFaults(wayBack))
  const takenBack = deployed === undefined ? '' : endsRollback(kept.rollback, deployed, newImage.id)
  const packet: Packet = {
    format: packetFormat,
    environment,
    execution: settings.EXECUTION_ID,
    changeSet: changeSet.id,
    decisive,
    packages,
    instances: (group?.instances ?? []).map(({ id }) => id),
    source: pushed ?? null,
    control: control === undefined ? '' : describeControl(await readControlFile(control)),
    frozen: freeze === undefined ? '' : freezeWords(freeze),
    takenBack,
    separate: settings.SEPARATE_APPROVER === 'yes',
    tests: settings.TESTS ?? '',
    unchecked: [...uncertain(hindrances), ...(kept.unchecked === undefined ? [] : [kept.unchecked])],
  }
  const digest = digestOf(decisive)
  const key = packetKey(digest, settings.EXECUTION_ID)
  const text = renderPacket(packet)
  await Promise.all([
    ports.buckets.put(bucket, key, JSON.stringify(packet, null, 2)),
    ports.buckets.put(bucket, key.replace(/\.json$/, '.md'), ['```', text, '```', ''].join('\n')),
  ])
  ports.terminal.show(text)
  // A change set that holds nothing is FAILED and cannot be executed: then nobody is asked.
  // Unless something is on its way to production before this one: then it is planned again when that is decided.
  // One that holds changes and cannot be executed is obsolete, because somebody updated the stack: the same holds for it.
  const changes = changeSet.executable || changeSet.changes.length > 0 || ahead
  const summary = changeSet.executable
    ? `${shortDigest(digest)}: ${newImage.id} ${newImage.version} ${newImage.commit.slice(0, 7)}${wayBackLines(wayBack).length === 0 ? '' : ', WAY BACK FAILS'}${takenBack === '' ? '' : ', ENDS A ROLL-BACK'}${freeze === undefined ? '' : `, FROZEN until ${minute(freeze.until)}`}`
    : 'no change'
  await ports.files.write(
    exportsFile,
    exportsOf({
      CHANGES: changes ? 'yes' : 'no',
      DIGEST: digest,
      PACKET_KEY: key,
      SUMMARY: summary,
      OLD_IMAGE: decisive.oldImage?.id ?? 'none',
      OLD_VERSION: decisive.oldImage?.version || 'unknown',
      OLD_COMMIT: decisive.oldImage?.commit || 'unknown',
    }),
  )
}

/**
 * Whether an execution stands before this one at production: what is planned beside it tells nothing of what will be there
 * then. So a push that takes back what waits for approval is asked about, too, and not skipped as no change.
 */
async function waitsAhead(settings: JobSettings & Settings<'EXECUTION_ID'>, { pipelines }: Ports): Promise<boolean> {
  if (settings.PLANNING === undefined) return false
  const state = await pipelines.state(stackName.pipeline(rigletOf(settings), sourceOf(settings)))
  const production = state?.stages.find(({ name }) => name === 'Production')
  return production?.status === 'InProgress' && production.execution !== settings.EXECUTION_ID
}

async function readDifference(bucket: string, before: string | undefined, after: string, ports: Ports) {
  const read = async (id: string | undefined) => (id === undefined ? undefined : readPackages(bucket, id, ports))
  const [old, desired] = await Promise.all([read(before), read(after)])
  return old === undefined || desired === undefined ? null : packageDifference(old, desired)
}
