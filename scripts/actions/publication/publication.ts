import { commandsOf } from '../../core/commands.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { publication } from '../../core/layers/publication.ts'
import { appName, rigletName, stackName } from '../../core/names.ts'
import { controlKey, type Control } from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { otherImage } from '../../core/publication/errors.ts'
import { rightsOf } from '../../core/publication/rights.ts'
import { commitTagOf, readSettings, rigletOf, sourceOf, wantsJson } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import type { Subject } from '../../core/subject.ts'
import { convergeStacks } from '../../engine/converge-stacks.ts'
import { deleteSubject } from '../../engine/delete-subject.ts'
import { findOurs, needOutput } from '../../engine/own-stacks.ts'
import { planStacks } from '../../engine/plan-stacks.ts'
import { tellOutcome } from '../../engine/verbs.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import { releaseTo, type PipelineSettings } from '../pipeline/pipeline.ts'
import { readControl } from '../pipeline/release-control.ts'
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

export async function changePublication(
  purpose: 'create' | 'update',
  settings: PipelineSettings,
  ports: Ports,
): Promise<number> {
  const subject = publicationSubject(settings)
  const control = await readControl(ports)
  const outcome = await convergeStacks(
    [await desiredPublication(settings, control, ports)],
    {
      purpose,
      question: `${purpose === 'create' ? 'Create' : 'Change'} ${subject.title}?`,
      commands: subject.commands,
      commitTag: commitTagOf(settings),
      json: wantsJson(settings),
      prepare: () => releaseTo(settings, control, ports),
    },
    ports,
  )
  return tellOutcome(outcome, purpose, subject, settings, ports)
}

export async function planPublication(settings: PipelineSettings, ports: Ports): Promise<void> {
  const { commands } = publicationSubject(settings)
  const desired = await desiredPublication(settings, await readControl(ports), ports)
  await planStacks([desired], { commands, commitTag: commitTagOf(settings), json: wantsJson(settings) }, ports)
}

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
