import type { Environment, Riglet, Source } from '../names.ts'
import { exists, type StackState } from './state.ts'
import type { DesiredStack } from './desired.ts'

/** What a stack tells of whose it is, in its parameters, its tags or both. */
const marks = ['Owner', 'Project', 'Environment', 'Repo', 'Branch', 'App'] as const
export type Marks = { readonly [Mark in (typeof marks)[number]]?: string | undefined }

/** The setting that says the same. */
const settingOf = {
  Owner: 'OWNER',
  Project: 'PROJECT',
  Environment: 'ENV',
  Repo: 'REPO',
  Branch: 'BRANCH',
  App: 'APP',
} as const

export const marksOf = (riglet: Riglet, source?: Source, environment?: Environment): Marks => ({
  Owner: riglet.owner,
  Project: riglet.project,
  Environment: environment,
  Repo: source?.repo,
  Branch: source?.branch,
})

export const marksOfDesired = ({ parameters, tags }: Pick<DesiredStack, 'parameters' | 'tags'>): Marks =>
  Object.fromEntries(marks.map((mark) => [mark, parameters[mark] ?? tags[mark]]))

/**
 * Whose a stack is, in words, if it is not what the marks say; undefined if it is, or if there is none. A mark that it
 * does not have says nothing, but without owner and project it is nobody's whom riglet knows.
 */
export function strangerIn(desired: Marks, state: StackState | undefined): string | undefined {
  if (state === undefined || state.status === 'DELETE_COMPLETE') return undefined
  const other = marks.flatMap((mark) => {
    const said = [state.parameters[mark], state.tags[mark]].find((one) => one !== undefined && one !== desired[mark])
    return desired[mark] === undefined || said === undefined ? [] : [`${settingOf[mark]}=${said}`]
  })
  // An app's name says less than the source that it is made of.
  const shown = other.length > 1 ? other.filter((one) => !one.startsWith('APP=')) : other
  if (shown.length > 0) return `belongs to ${shown.join(' ')}`
  const silent = (['Owner', 'Project'] as const).some(
    (mark) => desired[mark] !== undefined && !(mark in state.parameters) && !(mark in state.tags),
  )
  return silent && exists(state) ? 'does not say which OWNER and PROJECT it belongs to' : undefined
}
