import { RigletError } from '../errors.ts'
import { addressOf, type Consumer } from '../manifest/consumer.ts'
import { desiredFile } from '../manifest/desired-images.ts'
import { manifestFile } from '../manifest/manifest.ts'
import type { BranchCommit } from '../ports/local/proposals.ts'

const unchanged = 'Nothing was changed.'

/** `acme/infrastructure`: how messages call a repository. */
export const titleOf = ({ repository }: Pick<Consumer, 'repository'>): string => addressOf(repository).path

/** `github.com`: how messages call where it lies. */
const hostOf = ({ repository }: Pick<Consumer, 'repository'>): string => addressOf(repository).host ?? 'this machine'

export const noConsumer = (): RigletError =>
  new RigletError(
    'NOT_FOUND',
    `${desiredFile} names no consumer, so there is nobody to propose it to.`,
    `${unchanged} Say where: consumer: { repository: https://github.com/acme/infrastructure.git }`,
  )

export const nothingPublished = (): RigletError =>
  new RigletError(
    'IMAGE',
    `There is no ${manifestFile}: nothing was published yet.`,
    `${unchanged} First: make publish IMAGE=...`,
  )

/** G30. */
export const notPublished = (faults: readonly string[]): RigletError =>
  new RigletError(
    'IMAGE',
    `${manifestFile} says what is not published:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    `${unchanged} Publish it, and then document: make publish IMAGE=...`,
  )

export const notChecked = (places: readonly string[]): RigletError =>
  new RigletError(
    'UNCHECKED',
    `Nobody can tell whether all of ${manifestFile} is published:\n${places.map((line) => `  ${line}`).join('\n')}`,
    `${unchanged} Run it again once they answer.`,
  )

export const noToken = (consumer: Consumer, held: string): RigletError =>
  new RigletError(
    'SETTINGS',
    `The token for ${titleOf(consumer)} on ${hostOf(consumer)} is missing: ${held}.`,
    `Export ${consumer.token!.startsWith('/') ? 'it as an environment variable' : consumer.token!}, or keep it in a parameter (SecureString) that ${desiredFile} names: consumer: { token: /acme/shop/token }`,
  )

const short = (id: string): string => id.slice(0, 10)

/** What others wrote on riglet's branch is theirs. */
export const othersCommits = (consumer: Consumer, branch: string, commits: readonly BranchCommit[]): RigletError =>
  new RigletError(
    'REPOSITORY',
    [
      `Somebody else changed ${consumer.path} on the branch ${branch} of ${titleOf(consumer)}:`,
      ...commits.map(({ id, author, message }) => `  ${short(id)} by ${author}: ${message.split('\n')[0]}`),
    ].join('\n'),
    `${unchanged} Merge the request, or take that commit off the branch, or delete the branch; then run it again.`,
  )

export const movedMeanwhile = (consumer: Consumer, branch: string, times: number): RigletError =>
  new RigletError(
    'REPOSITORY',
    `Somebody else pushed to ${branch} of ${titleOf(consumer)} meanwhile, each of the ${times} times that it was tried.`,
    'Nothing of theirs was replaced. Run it again once they are done: it begins with what is there then.',
  )

export const noBase = (consumer: Consumer): RigletError =>
  new RigletError(
    'REPOSITORY',
    `${titleOf(consumer)} has no branch ${consumer.base}.`,
    `${unchanged} Say which one changes are proposed to: consumer: { base: ... } in ${desiredFile}`,
  )

export const notAFile = (consumer: Consumer, what: string): RigletError =>
  new RigletError(
    'REPOSITORY',
    `${consumer.path} in ${titleOf(consumer)} is ${what}, not a file.`,
    `${unchanged} Say another one: consumer: { path: ... } in ${desiredFile}`,
  )

/** Why a host refuses, by its status, and what helps. */
function remedyFor(status: number, { token, host, base }: Consumer): string {
  const held = token === undefined ? "git's own credentials" : `the token in ${token}`
  const rights =
    host === 'gitlab'
      ? 'the scope api, and the role Developer in the project'
      : 'write access to contents and pull requests of the repository'
  switch (status) {
    case 401:
      return `Renew ${held}: it is not known there, or has expired.`
    case 403:
      return `Give ${held} ${rights}; an organization may want it authorized for single sign-on.`
    case 404:
      return `Check consumer.repository in ${desiredFile}. A host answers so, too, where ${held} lacks ${rights}.`
    case 301:
    case 307:
    case 308:
      return `Write its new address into consumer.repository in ${desiredFile}.`
    case 422:
    case 400:
    case 409:
      return `Check that ${base} is there, and that requests to it are allowed.`
    default:
      return status >= 500 || status === 429
        ? 'Run it again in some minutes: it goes on where it was.'
        : 'See what the host says.'
  }
}

/** `doing`: what was asked for. `words`: the host's own. */
export const hostRefused = (consumer: Consumer, doing: string, status: number, words: string): RigletError =>
  new RigletError(
    'REPOSITORY',
    `${hostOf(consumer)} refuses to ${doing} ${titleOf(consumer)}: ${[status, words].filter(Boolean).join(' ')}`,
    remedyFor(status, consumer),
  )

export const hostSilent = (consumer: Consumer, where: string, why: string): RigletError =>
  new RigletError(
    'REPOSITORY',
    `${where} does not answer for ${titleOf(consumer)}: ${why}`,
    'Check the address, and the network (HTTPS_PROXY, NO_PROXY). Run it again: it goes on where it was.',
  )

export const gitFailed = (consumer: Consumer, doing: string, words: string): RigletError =>
  new RigletError(
    'REPOSITORY',
    `git cannot ${doing} ${titleOf(consumer)} on ${hostOf(consumer)}: ${words}`,
    `Check consumer in ${desiredFile}, and that what is there lets you push riglet's branch.`,
  )
