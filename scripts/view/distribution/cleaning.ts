import type { CleaningStep, Verdict } from '../../core/cleaning/goings.ts'
import type { CleaningPlan, ImagePlan } from '../../core/cleaning/plan-cleaning.ts'
import type { Site } from '../../core/distribution/sites.ts'
import { describeImage } from '../../core/image/image-facts.ts'
import { paint, plural, table, wrap } from '../text.ts'

/** What was done; no steps: a snapshot was deleted. `failure`: why it was not. */
export type Cleaned = {
  readonly site: Site
  readonly id: string
  readonly steps: readonly CleaningStep[]
  readonly failure: string | undefined
}

const stepWords = (step: CleaningStep): string => {
  switch (step.type) {
    case 'ask':
      return 'ask EC2 which other accounts use it'
    case 'disable':
      return 'DISABLE, so that nobody launches from it any more'
    case 'unprotect':
      return 'lift its protection from deregistration'
    case 'deregister':
      return [
        'DEREGISTER',
        ...(step.snapshots.length > 0 ? [` and delete ${step.snapshots.join(', ')}`] : []),
        ...(step.shared.length > 0 ? [`; ${step.shared.join(', ')} stays, for other images use it`] : []),
      ].join('')
  }
}

const signs = { stays: ' ', unchecked: '?', waits: '.', goes: '-' } as const

/** So many reasons tell enough. */
const most = 3
const reasons = (why: readonly string[]): string =>
  [...why.slice(0, most), ...(why.length > most ? [`and ${plural(why.length - most, 'reason')} more`] : [])].join('; ')

const words = (verdict: Verdict): string => {
  switch (verdict.type) {
    case 'stays':
      return `stays: ${reasons(verdict.why)}`
    case 'unchecked':
      return `stays, for not all could be checked`
    case 'waits':
      return `waits: ${reasons(verdict.why)}`
    case 'goes':
      return `${reasons(verdict.why)}: ${verdict.steps.map(stepWords).join(', then ')}`
  }
}

type Screen = { readonly columns: number; readonly colour: boolean }

/** Every image and why it stays or goes, account by account and region by region. */
export function renderCleaning(
  { images, snapshots, gaps, passedOver }: CleaningPlan,
  { columns, colour }: Screen,
): string[] {
  const told = (text: string, danger: boolean): string[] =>
    wrap(text, columns - 5).map((line) => `    ${danger ? paint(line, 'danger', colour) : line}`)
  const imageLines = ({ image, verdict }: ImagePlan): string[] => [
    `${signs[verdict.type]} ${describeImage(image.id, image)}  ${image.name}`,
    ...told(words(verdict), verdict.type === 'goes' || verdict.type === 'unchecked'),
  ]
  const sites = [...new Set([...images, ...snapshots].map(({ site }) => site))]
  return [
    ...sites.flatMap((site) => [
      site.title,
      ...images.filter((one) => one.site === site).flatMap(imageLines),
      ...snapshots
        .filter((one) => one.site === site)
        .flatMap(({ id, unchecked }) => [
          `${unchecked === undefined ? '-' : '?'} ${id}`,
          ...told(
            unchecked === undefined ? 'its image is gone: DELETE' : 'stays, for not all could be checked',
            unchecked === undefined,
          ),
        ]),
      '',
    ]),
    ...(gaps.length > 0 ? ['Not checked, so that nothing goes that might be meant:'] : []),
    ...gaps.flatMap(({ what }) => told(what, true)),
    ...(gaps.length > 0 ? [''] : []),
    summary({ images, snapshots, gaps, passedOver }),
  ]
}

function summary({ images, snapshots, passedOver }: CleaningPlan): string {
  const count = (type: Verdict['type']): number => images.filter(({ verdict }) => verdict.type === type).length
  const spare = snapshots.filter(({ unchecked }) => unchecked === undefined).length
  const parts = [
    `${count('goes')} of ${plural(images.length, 'image')} ${count('goes') === 1 ? 'goes' : 'go'} a step further`,
    count('waits') > 0 && `${count('waits')} waiting`,
    count('unchecked') > 0 && `${count('unchecked')} unchecked`,
    spare > 0 && `${plural(spare, 'snapshot')} left over`,
    passedOver > 0 && `${passedOver} passed over`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** How it ended, a line each. */
export function renderCleaned(all: readonly Cleaned[], json: boolean): string {
  const ended = all.map(({ site, id, steps, failure }) => ({
    ...placeOf(site),
    id,
    did: steps.length === 0 ? 'delete' : steps.map(({ type }) => type).join(', '),
    failure: failure ?? null,
    site,
  }))
  if (json)
    return JSON.stringify(
      ended.map(({ site: _, ...rest }) => rest),
      null,
      2,
    )
  return table(
    ended.map(({ site, id, did, failure }) => [site.title, id, failure === null ? 'done' : 'failed', failure ?? did]),
  ).join('\n')
}

const placeOf = ({ target }: Site) => ({
  account: 'account' in target ? target.account : null,
  region: target.region,
})

/** The plan as data. */
export const cleaningAsData = ({ images, snapshots, gaps, passedOver }: CleaningPlan) => ({
  images: images.map(({ site, image, verdict }) => ({
    ...placeOf(site),
    id: image.id,
    name: image.name,
    state: image.state,
    verdict: verdict.type,
    why: verdict.why,
    steps: verdict.type === 'goes' ? verdict.steps : [],
  })),
  snapshots: snapshots.map(({ site, id, unchecked }) => ({ ...placeOf(site), id, unchecked: unchecked ?? null })),
  unchecked: gaps,
  passedOver,
})
