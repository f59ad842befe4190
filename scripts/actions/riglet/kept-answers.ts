import { parameterPath, tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, type SettingName, type Settings } from '../../core/settings/settings.ts'

/** What is asked once for a riglet, whoever works on it. */
const kept = ['REPO', 'BRANCH', 'EMAIL_ADDRESS', 'CERTIFICATE_ARN'] as const satisfies readonly SettingName[]

const placeOf = (riglet: Riglet, name: SettingName): string => parameterPath(riglet, name)

/** Keeps what a riglet is created with; what was answered with none, or typed empty, goes. */
export async function keepAnswers(
  settings: Settings<'OWNER' | 'PROJECT'>,
  { parameters }: Pick<Ports, 'parameters'>,
): Promise<void> {
  const riglet = rigletOf(settings)
  for (const name of kept) {
    const value = settings[name]
    if (value) await parameters.put(placeOf(riglet, name), value, tagsOf(riglet))
  }
  const gone = kept.filter((name) => settings[name] === '')
  if (gone.length > 0) await parameters.remove(gone.map((name) => placeOf(riglet, name)))
}

/** Answers that another checkout gave and that are not known here: the defaults of the same questions. */
export async function keptAnswers(
  known: Settings<'OWNER' | 'PROJECT'>,
  { parameters }: Pick<Ports, 'parameters'>,
): Promise<Settings> {
  const unknown = kept.filter((name) => known[name] === undefined)
  const values = await Promise.all(unknown.map((name) => parameters.get(placeOf(rigletOf(known), name))))
  return Object.fromEntries(unknown.map((name, index) => [name, values[index]]))
}
