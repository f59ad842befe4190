import { changesBetween } from '../../core/distribution/document.ts'
import { exitCodes, isRigletError } from '../../core/errors.ts'
import type { Consumer } from '../../core/manifest/consumer.ts'
import { writeManifest, type Manifest } from '../../core/manifest/manifest.ts'
import type { Clone, Destination, Request, Requests } from '../../core/ports/local/proposals.ts'
import type { Ports } from '../../core/ports/ports.ts'
import {
  movedMeanwhile,
  noConsumer,
  noToken,
  nothingPublished,
  othersCommits,
  titleOf,
} from '../../core/proposal/errors.ts'
import { planProposal, type DesiredProposal } from '../../core/proposal/plan-proposal.ts'
import { branchOf, describeProposal, messageOf } from '../../core/proposal/words.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { proposalAsData, renderProposal, renderProposed, type Proposal } from '../../view/distribution/proposal.ts'
import { desiredImages, publishedImages } from '../distribution/read-manifests.ts'
import { requirePublished } from './require-published.ts'

export type DocumentSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>

/**
 * The token, from where images.yaml says: an environment variable, or a parameter, also of Secrets Manager
 * (/aws/reference/secretsmanager/...). undefined: none is used.
 * @throws RigletError SETTINGS
 */
async function tokenOf(consumer: Consumer, { proposals, parameters }: Ports): Promise<string | undefined> {
  const { token: name } = consumer
  if (name === undefined) return undefined
  const isParameter = name.startsWith('/')
  const token = (isParameter ? await parameters.secret(name) : proposals.variable(name))?.trim()
  if (token) return token
  throw noToken(consumer, isParameter ? `there is no parameter ${name}` : `${name} is not set`)
}

/** The exit code, or that somebody else pushed to the branch meanwhile. */
type Ended = number | 'moved'
type Work = (proposal: Proposal, clone: Clone, requests: Requests | undefined) => Promise<Ended>

/** How often it begins again where others push meanwhile. */
const tries = 3

/** Reads what is published, and hands on what the consumer's repository lacks of it. */
async function propose(settings: DocumentSettings, ports: Ports, work: Work): Promise<number> {
  const [desired, manifest] = await Promise.all([desiredImages(ports), publishedImages(ports)])
  if (manifest === undefined) throw nothingPublished()
  const { consumer } = desired
  if (consumer === undefined) throw noConsumer()
  await requirePublished(manifest, desired, settings.REGION, ports)
  const branch = branchOf(rigletOf(settings))
  const destination: Destination = { consumer, branch, token: await tokenOf(consumer, ports) }
  for (let tried = 0; tried < tries; tried += 1) {
    const ended = await lookAndWork(settings, manifest, destination, work, ports)
    if (ended !== 'moved') return ended
    ports.terminal.say(`Somebody else pushed to ${branch} of ${titleOf(consumer)} meanwhile: looking at it again`)
  }
  throw movedMeanwhile(consumer, branch, tries)
}

function lookAndWork(
  settings: DocumentSettings,
  manifest: Manifest,
  destination: Destination,
  work: Work,
  ports: Ports,
): Promise<Ended> {
  const { consumer, branch } = destination
  return ports.proposals.inClone(destination, async (clone) => {
    const requests = await ports.proposals.requests(destination)
    const [look, request] = await Promise.all([clone.look(), requests?.find()])
    const { before, unreadable } = await manifestThere(look.base.text, consumer)
    const said = describeProposal(rigletOf(settings), consumer.path, changesBetween(before, manifest))
    const proposed: DesiredProposal = {
      ...said,
      text: writeManifest(manifest),
      base: consumer.base,
      asks: requests !== undefined,
    }
    const plan = planProposal(proposed, look, request)
    if (plan.standing.length > 0) throw othersCommits(consumer, branch, plan.standing)
    return work({ destination, desired: proposed, plan, unreadable }, clone, requests)
  })
}

/** What the consumer reads now. Whatever is no manifest is replaced by one. */
async function manifestThere(
  text: string | undefined,
  consumer: Consumer,
): Promise<{ readonly before: Manifest; readonly unreadable: string | undefined }> {
  if (text === undefined) return { before: {}, unreadable: undefined }
  const { readManifest } = await import('../../core/manifest/read-manifest.ts')
  try {
    return { before: await readManifest(text, `${titleOf(consumer)}/${consumer.path}`), unreadable: undefined }
  } catch (error) {
    if (!isRigletError(error, 'FILE')) throw error
    return { before: {}, unreadable: error.message }
  }
}

const show = (proposal: Proposal, settings: DocumentSettings, { terminal }: Ports): void =>
  terminal.show(
    wantsJson(settings) ? JSON.stringify(proposalAsData(proposal), null, 2) : renderProposal(proposal).join('\n'),
  )

/**
 * `make plan-document`: what would be proposed to the consumer's repository.
 * @throws RigletError IMAGE | NOT_FOUND | FILE | REPOSITORY | UNCHECKED | SETTINGS
 */
export const planDocument = (settings: DocumentSettings, ports: Ports): Promise<number> =>
  propose(settings, ports, (proposal) => {
    show(proposal, settings, ports)
    return Promise.resolve(exitCodes.ok)
  })

/**
 * `make document`: proposes the manifest to the consumer's repository as a branch, a commit and a request (G16, G17). Again,
 * it brings the same branch and request up to date; nothing of others is replaced.
 * @throws RigletError IMAGE | NOT_FOUND | FILE | REPOSITORY | UNCHECKED | SETTINGS
 */
export const document = (settings: DocumentSettings, ports: Ports): Promise<number> =>
  propose(settings, ports, async (proposal, clone, requests) => {
    const { destination, plan } = proposal
    const json = wantsJson(settings)
    let { request } = plan
    if (plan.steps.length > 0) {
      if (!json) show(proposal, settings, ports)
      if (!(await ports.terminal.confirm(`Propose it to ${titleOf(destination.consumer)}?`))) return exitCodes.ok
      const executed = await execute(proposal, clone, requests, ports)
      if (executed === 'moved') return 'moved'
      request = executed
    }
    ports.terminal.show(renderProposed(proposal, request, json))
    return exitCodes.ok
  })

async function execute(
  { plan, desired }: Proposal,
  clone: Clone,
  requests: Requests | undefined,
  { terminal }: Ports,
): Promise<Request | undefined | 'moved'> {
  let request: Request | undefined = plan.request
  const isPushed = async (commit: string | undefined, replaces: string | undefined): Promise<boolean> => {
    const pushed = await clone.push(commit, replaces)
    if (pushed.type === 'moved') return false
    for (const line of requests === undefined ? pushed.said : []) terminal.say(`  ${line}`)
    return true
  }
  for (const step of plan.steps)
    switch (step.type) {
      case 'commit':
        if (
          !(await isPushed(
            await clone.commit(step.on, desired.text, (tree) => messageOf(desired, tree)),
            step.replaces,
          ))
        )
          return 'moved'
        break
      case 'remove branch':
        if (!(await isPushed(undefined, step.replaces))) return 'moved'
        break
      case 'open':
        request = await requests!.open(desired.title, desired.body)
        break
      case 'rewrite':
        request = await requests!.rewrite(step.request, desired.title, desired.body)
        break
      case 'close':
        await requests!.close(step.request)
        request = undefined
    }
  return request
}
