import { settingsFaults } from '../../core/settings/errors.ts'
import type { NameRule } from '../../core/name-rules.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { settingRules, type SettingName, type Settings } from '../../core/settings/settings.ts'
import { keptAnswers } from './kept-answers.ts'

const needed = ['OWNER', 'PROJECT', 'REGION', 'REPO', 'BRANCH'] as const
export type Answered = Settings<(typeof needed)[number]>

type Question = {
  readonly name: SettingName
  readonly words: string
  /** What may be assumed, with or without a terminal. */
  readonly fallback?: (known: Settings) => string
  /** What is offered to whoever is asked, and never assumed. */
  readonly offer?: string
}

/** Who they are and where; everything else may have been answered before in another checkout. */
const first: readonly Question[] = [
  { name: 'OWNER', words: 'Owner, the first part of every name' },
  { name: 'PROJECT', words: 'Project, the second part' },
  { name: 'REGION', words: 'Region', offer: 'eu-central-1' },
]

const none = 'none'
const rest: readonly Question[] = [
  { name: 'REPO', words: 'Repository that the pipeline ships', fallback: ({ PROJECT = '' }) => PROJECT },
  { name: 'BRANCH', words: 'Its branch', fallback: () => 'main' },
  { name: 'EMAIL_ADDRESS', words: 'E-mail address for notices, or none', offer: none },
  { name: 'CERTIFICATE_ARN', words: 'ARN of an ACM certificate for HTTPS, or none', offer: none },
]

type Known = { [Name in SettingName]?: string }

/**
 * Asks for what is not known yet; without a terminal takes what may be assumed, and names all the rest.
 * @throws RigletError SETTINGS
 */
export async function askSettings(
  given: Settings,
  { terminal, files, at }: Pick<Ports, 'terminal' | 'files' | 'at'>,
): Promise<Answered> {
  const known: Known = { ...given }
  for (const question of first) await answer(question, known, {}, terminal)
  const { OWNER, PROJECT, REGION } = known
  const earlier =
    terminal.interactive && OWNER !== undefined && PROJECT !== undefined && REGION !== undefined
      ? await keptAnswers({ ...known, OWNER, PROJECT }, at({ region: REGION }))
      : {}
  for (const question of rest) await answer(question, known, earlier, terminal)
  const missing = needed.filter((name) => known[name] === undefined)
  if (missing.length > 0) throw settingsFaults([], missing, !(await files.exists('.make')))
  return known as Answered
}

/** Asks until the answer is one; off a terminal an answer that cannot be stays missing. */
async function answer(
  { name, words, fallback, offer }: Question,
  known: Known,
  earlier: Settings,
  terminal: Ports['terminal'],
): Promise<void> {
  if (known[name] !== undefined) return
  const rule: NameRule = settingRules[name]
  if (!terminal.interactive) {
    const assumed = fallback?.(known) ?? ''
    if (rule.pattern.test(assumed)) known[name] = assumed
    return
  }
  for (;;) {
    const given = (await terminal.ask(`${words}:`, earlier[name] ?? offer ?? fallback?.(known))).trim()
    if (given === none && offer === none) {
      known[name] = ''
      return
    }
    if (rule.pattern.test(given)) {
      known[name] = given
      return
    }
    terminal.say(`  ${name} must be ${rule.words}.`)
  }
}
