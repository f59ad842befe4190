import { sha256 } from '../canonical.ts'
import type { Change } from '../distribution/document.ts'
import { rigletName, type Riglet } from '../names.ts'
import type { BranchCommit } from '../ports/local/proposals.ts'

/** riglet's branch in a consumer's repository; several riglets may propose to one. */
export const branchOf = (riglet: Riglet): string => `riglet/${rigletName(riglet)}`

const trailer = 'Riglet-Tree'

/**
 * The message of a commit names its tree: a commit that somebody amended, or moved to another place, has another one, and is
 * theirs from then on.
 */
export const messageOf = ({ title, changes }: Pick<ProposalText, 'title' | 'changes'>, tree: string): string =>
  [title, '', ...(changes.length === 0 ? [] : [...changes.map(changeWords), '']), `${trailer}: ${tree}`, ''].join('\n')

export const isOurs = ({ message, tree }: BranchCommit): boolean =>
  message.trimEnd().split('\n').at(-1) === `${trailer}: ${tree}`

/** What a request says. */
export type ProposalText = { readonly title: string; readonly body: string; readonly changes: readonly Change[] }

const changeWords = ({ useCase, region, architecture, from, to }: Change): string =>
  `${useCase} ${region} ${architecture}: ${from ?? 'none'} -> ${to ?? 'none'}`

/** Most hosts refuse a request that is longer than 65,536 characters; a line of ours has about a hundred. */
const mostLines = 400

const mark = (text: string): string => `<!-- riglet ${sha256(text).slice(0, 16)} -->`

/** Whether a request says all of this, whatever people added to it. */
export const says = (body: string, desired: string): boolean => body.includes(desired.trimEnd().split('\n').at(-1)!)

export function describeProposal(riglet: Riglet, path: string, changes: readonly Change[]): ProposalText {
  const images = [...new Set(changes.map(({ useCase }) => useCase))].sort()
  const title = `Use the images that ${rigletName(riglet)} published${images.length === 0 ? '' : `: ${images.join(', ')}`}`
  const rows = changes
    .slice(0, mostLines)
    .map(({ useCase, region, architecture, from, to }) =>
      ['', useCase, region, architecture, from ?? 'none', to ?? 'none', ''].join(' | ').trim(),
    )
  const left = changes.length - rows.length
  const text = [
    `\`${path}\` as it was published: every image in it was read as available, and as the riglet published it.`,
    '',
    ...(changes.length === 0
      ? ['All images stay the same; what is said of them differs.']
      : ['| Image | Region | Architecture | Before | Now |', '| --- | --- | --- | --- | --- |', ...rows]),
    ...(left > 0 ? ['', `And ${left} more: see the file.`] : []),
    '',
    `\`make document\` keeps this request, and the branch \`${branchOf(riglet)}\`, up to date. It leaves commits of others alone.`,
    '',
  ].join('\n')
  return { title, body: `${text}\n${mark(`${title}\n${text}`)}\n`, changes }
}
