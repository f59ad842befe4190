import type { CleaningRules, Findings } from '../../core/cleaning/findings.ts'
import { namedImages, regionsIn } from '../../core/cleaning/named-images.ts'
import { days } from '../../core/cleaning/reasons.ts'
import { usesAt, type SiteLook } from '../../core/cleaning/uses.ts'
import { sitesOf, type Site } from '../../core/distribution/sites.ts'
import type { Desired } from '../../core/manifest/desired-images.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import type { FileVersion } from '../../core/ports/local/git.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, type Settings } from '../../core/settings/settings.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import { lookAtPipelines, type PipelinesLook } from './look-at-pipelines.ts'
import { lookAtSites } from './look-at-sites.ts'

export type CleaningSettings = Settings<'OWNER' | 'PROJECT' | 'REGION'>

/** All that is known of images in all accounts and regions. */
export type Everywhere = {
  readonly desired: Desired
  /** The manifest of the checkout, as it is. */
  readonly current: string | undefined
  readonly versions: readonly FileVersion[]
  readonly sites: readonly Site[]
  readonly looks: readonly SiteLook[]
  readonly pipelines: PipelinesLook
  readonly findings: Findings
}

/**
 * Reads manifests, accounts, regions and pipelines side by side. What does not answer is a gap in the findings.
 * @throws RigletError FILE
 */
export async function lookEverywhere(
  settings: CleaningSettings,
  { now, keepDays }: Pick<CleaningRules, 'now' | 'keepDays'>,
  ports: Pick<Ports, 'at' | 'files' | 'git' | 'pipelines' | 'stacks'>,
): Promise<Everywhere> {
  const riglet = rigletOf(settings)
  const since = new Date(now.getTime() - days(keepDays))
  const [desired, current, history] = await Promise.all([
    desiredImages(ports),
    ports.files.readIfThere(manifestFile),
    orUnchecked(ports.git.versionsOf(manifestFile, since).then((told) => ({ type: 'seen' as const, ...told }))),
  ])
  const versions = history.type === 'seen' ? history.versions : []
  const sites = sitesOf(desired, settings.REGION, regionsIn([current ?? '', ...versions.map(({ text }) => text)]))
  const [looks, pipelines] = await Promise.all([
    lookAtSites(riglet, sites, ports),
    lookAtPipelines(riglet, settings.REGION, since, ports),
  ])
  const findings: Findings = {
    holdings: looks,
    uses: [...looks.flatMap(usesAt), ...pipelines.uses],
    gaps: [...looks.flatMap(({ gaps }) => gaps), ...pipelines.gaps, ...gapsOfHistory(history)],
    named: namedImages(current, versions),
    reports: [],
  }
  return { desired, current, versions, sites, looks, pipelines, findings }
}

const gapsOfHistory = (
  history: { readonly type: 'seen'; readonly complete: boolean } | { readonly type: 'unchecked'; readonly why: string },
): Findings['gaps'] =>
  history.type === 'unchecked'
    ? [{ region: undefined, what: `the manifests of tags cannot be read: ${history.why}` }]
    : history.complete
      ? []
      : [
          {
            region: undefined,
            what: 'this clone is shallow, so not all manifests of tags are here: git fetch --unshallow --tags',
          },
        ]
