import { createHash } from 'node:crypto'
import { appName, isStackNameOf, rigletName, tagsOf, type Riglet, type Source } from '../names.ts'
import type { StackState } from './state.ts'
import { carriesTags } from '../tags.ts'

/** Names of what was made before decision 0013; undefined where they are as core/names.ts says. */
export type KeptNames = { readonly riglet?: string | undefined; readonly app?: string | undefined }

/** What names are made of, as settings have it. */
type Words = {
  readonly OWNER?: string
  readonly PROJECT?: string
  readonly REPO?: string
  readonly BRANCH?: string
  /** ARN of the build that runs. */
  readonly BUILD?: string
}

/** How things were called: hyphens joined everything, so that different ones could come out alike. */
export const olderRigletName = ({ owner, project }: Riglet): string => `${owner}-${project}`

function olderSlug(name: string, limit: number): string {
  const plain = name.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '')
  if (plain === name && name.length <= limit) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return `${plain.slice(0, limit - 7).replace(/-+$/, '')}-${hash}`
}

export const olderAppName = ({ repo, branch }: Source): string => `${olderSlug(repo, 24)}-${olderSlug(branch, 20)}`

const rigletOf = ({ OWNER = '', PROJECT = '' }: Words): Riglet => ({ owner: OWNER, project: PROJECT })

const sourceOf = ({ REPO, BRANCH }: Words): Source | undefined =>
  REPO === undefined || BRANCH === undefined ? undefined : { repo: REPO, branch: BRANCH }

/** Whether an older name would be another one: only then are the riglet's stacks asked for. A build knows it already. */
export function mayHaveOlderNames(words: Words): boolean {
  if (words.OWNER === undefined || words.PROJECT === undefined) return false
  const source = sourceOf(words)
  const differ =
    olderRigletName(rigletOf(words)) !== rigletName(rigletOf(words)) ||
    (source !== undefined && olderAppName(source) !== appName(source))
  return differ && namesOfBuild(words) === undefined
}

/**
 * A build's project is called after the stack of jobs, which has both names in it. It need not ask, then, and has no
 * right to.
 */
function namesOfBuild(words: Words): KeptNames | undefined {
  const project = /^arn:[^:]+:codebuild:[^:]*:[^:]*:build\/([A-Za-z0-9-]+)-[a-z]+:/.exec(words.BUILD ?? '')?.[1]
  const source = sourceOf(words)
  if (project === undefined || source === undefined) return undefined
  for (const name of [undefined, olderRigletName(rigletOf(words))])
    for (const app of [undefined, olderAppName(source)])
      if (project === `${rigletName({ ...rigletOf(words), name })}-jobs-${appName({ ...source, app })}`)
        return { riglet: name, app }
  return undefined
}

/**
 * The names that are kept, because stacks have them that say they belong to this very riglet and source. `states`: all
 * the account's stacks in the region, or at least those that carry the riglet's tags.
 */
export function keptNames(words: Words, states: readonly StackState[]): KeptNames {
  const told = namesOfBuild(words)
  if (told !== undefined) return told
  const riglet = rigletOf(words)
  const source = sourceOf(words)
  const ours = states.filter(({ tags }) => carriesTags(tags, tagsOf(riglet)))
  const older = { ...riglet, name: olderRigletName(riglet) }
  return {
    riglet:
      older.name !== rigletName(riglet) && ours.some(({ name }) => isStackNameOf(older, name)) ? older.name : undefined,
    app: source === undefined ? undefined : keptApp(source, ours),
  }
}

/** The settings with the names that are kept. `list`: stacks with these tags; asked only if there may be any. */
export async function withKeptNames<Given extends Words>(
  given: Given,
  list: (tags: Readonly<Record<string, string>>) => Promise<readonly StackState[]>,
): Promise<Given & { readonly kept: KeptNames }> {
  const states = mayHaveOlderNames(given) ? await list(tagsOf(rigletOf(given))) : []
  return { ...given, kept: keptNames(given, states) }
}

/**
 * What its pipeline, or an app that tells its source, says. An app that does not tell is taken for this source's, unless
 * the pipeline of another one has that name.
 */
function keptApp(source: Source, ours: readonly StackState[]): string | undefined {
  const telling = ours.find(
    ({ parameters }) => parameters['Repo'] === source.repo && parameters['Branch'] === source.branch,
  )
  if (telling !== undefined) return telling.parameters['App']
  const older = olderAppName(source)
  const named = ours.filter(({ parameters }) => parameters['App'] === older)
  return named.length > 0 && named.every(({ parameters }) => parameters['Repo'] === undefined) ? older : undefined
}
