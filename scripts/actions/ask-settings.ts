import { settingsFaults } from '../core/catalogue/settings.ts'
import type { NameRule } from '../core/name-rules.ts'
import type { Ports } from '../core/ports.ts'
import { settingRules, type SettingName, type Settings } from '../core/settings.ts'

const asked = ['OWNER', 'PROJECT', 'REGION', 'REPO', 'BRANCH'] as const
export type Answered = Settings<(typeof asked)[number]>

type Question = { readonly name: SettingName; readonly words: string; readonly fallback?: (known: Settings) => string }

const questions: readonly Question[] = [
  { name: 'OWNER', words: 'Owner, the first part of every name' },
  { name: 'PROJECT', words: 'Project, the second part' },
  { name: 'REGION', words: 'Region', fallback: () => 'eu-central-1' },
  { name: 'REPO', words: 'Repository that the pipeline ships', fallback: ({ PROJECT = '' }) => PROJECT },
  { name: 'BRANCH', words: 'Its branch', fallback: () => 'main' },
  { name: 'EMAIL_ADDRESS', words: 'E-mail address for notices (empty: none)', fallback: () => '' },
  { name: 'CERTIFICATE_ARN', words: 'ARN of an ACM certificate for HTTPS (empty: none)', fallback: () => '' },
]

const optional: readonly SettingName[] = ['EMAIL_ADDRESS', 'CERTIFICATE_ARN']

/**
 * Asks for what is not known yet; without a terminal takes what may be assumed, and names all the rest.
 * @throws RigletError SETTINGS
 */
export async function askSettings(
  given: Settings,
  { terminal, files }: Pick<Ports, 'terminal' | 'files'>,
): Promise<Answered> {
  const known: { [Name in SettingName]?: string } = { ...given }
  for (const { name, words, fallback } of questions) {
    if (known[name] !== undefined || (!terminal.interactive && optional.includes(name))) continue
    const rule: NameRule = settingRules[name]
    for (;;) {
      const answer = (await terminal.ask(`${words}:`, fallback?.(known))).trim()
      if (answer === '' && optional.includes(name)) break
      if (rule.pattern.test(answer)) {
        known[name] = answer
        break
      }
      if (!terminal.interactive) break
      terminal.say(`  ${name} must be ${rule.words}.`)
    }
  }
  const missing = asked.filter((name) => known[name] === undefined)
  if (missing.length > 0) throw settingsFaults([], missing, !(await files.exists('.make')))
  return known as Answered
}
