import { commandsOf } from '../../core/commands.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { publication } from '../../core/layers/publication.ts'
import { appName, rigletName, stackName } from '../../core/names.ts'
import { controlKey, type Control } from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { otherImage } from '../../core/publication/errors.ts'
import { rightsOf } from '../../core/publication/rights.ts'
import { readSettings, rigletOf, sourceOf } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { Subject } from '../../core/subject.ts'
import { deleteSubject } from '../../engine/delete-subject.ts'
import { findOurs, needOutput } from '../../engine/own-stacks.ts'
import { changeWithControl, planWithControl } from '../control/change-with-control.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import type { PipelineSettings } from '../pipeline/pipeline.ts'
import { stopPipelines } from '../pipeline/stop-pipelines.ts'

export function publicationSubject(settings: PipelineSettings): Subject {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  return {
    title: `${rigletName(riglet)} publication ${appName(source)}`,
    stacks: [stackName.publication(riglet, source)],
    commands: commandsOf('publication', { REPO: source.repo, BRANCH: source.branch }),
  }
}

/**
 * As images.yaml has it, which goes into control with the scripts: what the jobs may reach and what they heed are of one commit.
 * @throws RigletError NOT_FOUND | FILE | SETTINGS | STACK_NEEDED
 */
async function desiredPublication(settings: PipelineSettings, control: Control, ports: Ports): Promise<DesiredStack> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const { IMAGE: image } = readSettings(['IMAGE'], { IMAGE: settings.IMAGE }, undefined)
  const rights = rightsOf(image, await desiredImages(ports), settings.REGION)
  const whose = marksOf(riglet, source)
  const [template, ofJobs] = await Promise.all([
    ports.files.read(publication.template),
    findOurs(stackName.jobs(riglet, source), whose, ports),
    needOutput(stackName.pipeline(riglet, source), whose, 'PipelineName', ports),
  ])
  const baked = ofJobs?.parameters['Image']
  if (baked !== undefined && baked !== image) throw otherImage(appName(source), baked, image)
  const of = { riglet, source, control: controlKey(control), image, rights }
  return desiredStack(publication, of, template, settings)
}

export const changePublication = (
  purpose: 'create' | 'update',
  settings: PipelineSettings,
  ports: Ports,
): Promise<number> => changeWithControl(purpose, publicationSubject(settings), desiredPublication, settings, ports)

export const planPublication = (settings: PipelineSettings, ports: Ports): Promise<void> =>
  planWithControl(publicationSubject(settings), desiredPublication, settings, ports)

/** What was published stays as it is; what was under way is stopped. */
export async function deletePublication(settings: PipelineSettings, ports: Ports): Promise<number> {
  const subject = publicationSubject(settings)
  const own = await findOurs(subject.stacks[0]!, marksOf(rigletOf(settings), sourceOf(settings)), ports)
  const bucket = own && publication.facts(own).bucket
  const notes = bucket === undefined ? [] : [`Its artifacts and the plans that were approved go with it (${bucket}).`]
  const between = async (): Promise<void> => {
    await stopPipelines(own === undefined ? [] : [own], ports)
    if (bucket !== undefined) await ports.buckets.empty(bucket)
  }
  // Nothing goes before: its stack cannot go before its bucket is empty.
  return deleteSubject(subject, { waves: own === undefined ? [] : [[], [own]], notes, between }, ports)
}

export const publicationNoun = {
  subject: publicationSubject,
  change: changePublication,
  plan: planPublication,
  delete: deletePublication,
}
