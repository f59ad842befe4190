import { noSuchPattern } from '../../core/cleaning/errors.ts'
import type { CleaningRules, Findings } from '../../core/cleaning/findings.ts'
import { planCleaning, type CleaningPlan } from '../../core/cleaning/plan-cleaning.ts'
import type { Site } from '../../core/distribution/sites.ts'
import type { Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import { lookEverywhere, type CleaningSettings, type Everywhere } from './look-everywhere.ts'
import { gapsInto } from './look-at-sites.ts'

const usualKeepDays = 30
const usualDisabledDays = 7

export function rulesOf({ KEEP_DAYS, DISABLED_DAYS, NAME_PATTERN, IMAGE }: Settings, now: Date): CleaningRules {
  let pattern: RegExp | undefined
  try {
    pattern = NAME_PATTERN === undefined ? undefined : new RegExp(NAME_PATTERN, 'u')
  } catch (error) {
    throw noSuchPattern(NAME_PATTERN!, error)
  }
  return {
    now,
    keepDays: Number(KEEP_DAYS ?? usualKeepDays),
    disabledDays: Number(DISABLED_DAYS ?? usualDisabledDays),
    pattern,
    image: IMAGE,
  }
}

/**
 * Reads everything side by side; only of images that nothing is known to refer to EC2 is asked more.
 * @throws RigletError SETTINGS | FILE
 */
export async function makePlan(settings: CleaningSettings, ports: Ports): Promise<CleaningPlan> {
  const riglet = rigletOf(settings)
  const rules = rulesOf(settings, ports.clock.now())
  ports.terminal.progress(['Looking at all accounts and regions ...'])
  try {
    return await planOf(riglet, await lookEverywhere(settings, rules, ports), rules, ports)
  } finally {
    ports.terminal.progress([])
  }
}

/** The same of what was read already: EC2 is asked about what would go. */
export async function planOf(
  riglet: Riglet,
  { sites, findings }: Pick<Everywhere, 'sites' | 'findings'>,
  rules: CleaningRules,
  ports: Pick<Ports, 'at'>,
): Promise<CleaningPlan> {
  const loose = planCleaning(riglet, findings, rules).images.filter(
    ({ verdict }) => verdict.type !== 'stays' && verdict.type !== 'unchecked',
  )
  return planCleaning(riglet, await askEc2(loose, sites, findings, ports), rules)
}

/** What EC2 itself knows of images: in every account that is asked what refers to them, and where they lie the reports. */
async function askEc2(
  loose: CleaningPlan['images'],
  sites: readonly Site[],
  findings: Findings,
  { at }: Pick<Ports, 'at'>,
): Promise<Findings> {
  const gaps = [...findings.gaps]
  const parts = await Promise.all(
    sites.map(async (site) => {
      const there = at(site.target)
      const told = gapsInto(gaps, site)
      const ids = loose.flatMap(({ image }) => (image.region === site.target.region ? [image.id] : []))
      const lies = loose.some((one) => one.site === site)
      const [references, reports] = await Promise.all([
        ids.length === 0 ? [] : told('what refers to images', there.imageUses.references(ids)),
        lies ? told('who else uses its images', there.imageUses.reports()) : [],
      ])
      return { references, reports }
    }),
  )
  const referring = parts.flatMap(({ references }) => references)
  return {
    ...findings,
    gaps,
    uses: [...findings.uses, ...referring.map(({ image, by }) => ({ image, by: `${by} refers to it` }))],
    reports: parts.flatMap(({ reports }) => reports),
  }
}
