import type { Destination, Request } from '../../core/ports/local/proposals.ts'
import { titleOf } from '../../core/proposal/errors.ts'
import type { ProposalPlan, ProposalStep, DesiredProposal } from '../../core/proposal/plan-proposal.ts'
import { renderManifestChanges } from './images.ts'

/** What is to be proposed to a consumer's repository. */
export type Proposal = {
  readonly destination: Destination
  readonly desired: DesiredProposal
  readonly plan: ProposalPlan
  /** Why what stands in the base branch is no manifest. */
  readonly unreadable: string | undefined
}

const requestWords = ({ destination: { consumer } }: Proposal): string =>
  consumer.host === 'gitlab' ? 'merge request' : 'pull request'

const short = (id: string): string => id.slice(0, 10)

function stepWords(step: ProposalStep, proposal: Proposal): string {
  const { destination, desired } = proposal
  const { branch, consumer } = destination
  const request = requestWords(proposal)
  switch (step.type) {
    case 'commit': {
      const on = `${consumer.base} at ${short(step.on)}`
      switch (step.why) {
        case 'new':
          return `+ branch ${branch}: a commit on ${on}`
        case 'base moved':
          return `~ branch ${branch}: the commit goes on ${on}, which moved on`
        case 'published anew':
          return `~ branch ${branch}: another commit on ${on}`
        case 'behind commits of others':
          return `~ branch ${branch}: one more commit, after those of others, on ${short(step.on)}`
      }
    }
    case 'remove branch':
      return `- branch ${branch}: ${consumer.base} says all of it already`
    case 'open':
      return `+ ${request}: ${desired.title}`
    case 'rewrite':
      return `~ ${request} ${step.request.number}: ${desired.title}`
    case 'close':
      return `- ${request} ${step.request.number}: ${consumer.base} says all of it already`
  }
}

const notes = ({ plan, unreadable, destination }: Proposal): string[] => [
  ...(unreadable === undefined ? [] : [`note: what stands there is no manifest, and is replaced: ${unreadable}`]),
  ...(plan.leftover.length === 0
    ? []
    : [
        `note: ${destination.branch} stays: it has commits of ${[...new Set(plan.leftover.map(({ author }) => author))].join(', ')}`,
      ]),
]

/** What would be proposed, and how. */
export function renderProposal(proposal: Proposal): string[] {
  const { destination, desired, plan } = proposal
  const { consumer, branch } = destination
  if (plan.steps.length === 0) return [nothingToDo(proposal, plan.request), ...notes(proposal)]
  const changes = renderManifestChanges(desired.changes, consumer.path)
  return [
    `${titleOf(consumer)}  ${branch} -> ${consumer.base}`,
    ...(changes.length > 0
      ? changes
      : ['', consumer.path, '  ~  all images stay the same; what is said of them differs']),
    '',
    ...plan.steps.map((step) => `  ${stepWords(step, proposal)}`),
    ...notes(proposal),
  ]
}

const nothingToDo = ({ destination }: Proposal, request: Request | undefined): string =>
  `${titleOf(destination.consumer)}: nothing to do${request === undefined ? '' : `, ${request.url}`}`

/** How it ended: where the request is, or how one is opened. */
export function renderProposed(proposal: Proposal, request: Request | undefined, json: boolean): string {
  const { destination, plan } = proposal
  const { consumer, branch } = destination
  if (json) return JSON.stringify({ ...proposalAsData(proposal), request: request ?? null }, null, 2)
  if (plan.steps.length === 0) return [nothingToDo(proposal, request), ...notes(proposal)].join('\n')
  if (plan.settled) return `${titleOf(consumer)}: ${consumer.base} says what is published`
  if (request !== undefined) return request.url
  return [
    `${titleOf(consumer)}: ${branch} says what is published. Ask for it where the repository lies, or by mail:`,
    `  git request-pull ${consumer.base} ${consumer.repository} ${branch}`,
  ].join('\n')
}

/** The plan as data. */
export const proposalAsData = ({ destination: { consumer, branch }, desired, plan, unreadable }: Proposal) => ({
  repository: consumer.repository,
  path: consumer.path,
  base: consumer.base,
  branch,
  changes: desired.changes.map(({ from, to, ...where }) => ({ ...where, from: from ?? null, to: to ?? null })),
  steps: plan.steps,
  request: plan.request ?? null,
  unreadable: unreadable ?? null,
})
