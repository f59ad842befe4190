import {
  consequencesOf,
  endangers,
  replaces,
  rolls,
  type PropertyChange,
  type ResourceChange,
  type StackPlan,
} from '../core/stack/plan.ts'
import { pad, paint, plural, resourceWords, shorten, wrap, type Style } from './text.ts'

export type PlanStyle = {
  readonly columns: number
  readonly colour: boolean
  /** Says more than a bare value: an image's version and commit, for example. */
  readonly label?: (value: string) => string
}

const marks = { add: '+', modify: '~', remove: '-', import: '<', conditional: '?' } as const

const styles: Readonly<Record<ResourceChange['action'], Style>> = {
  add: 'add',
  modify: 'change',
  remove: 'danger',
  import: 'add',
  conditional: 'change',
}

/** One line that tells what a plan is about: `3 changes, 1 replaces`. */
export function planSummary(plan: StackPlan): string {
  if (plan.type === 'unchanged') return 'in sync'
  const count = (test: (change: ResourceChange) => boolean): number => plan.changes.filter(test).length
  const parts = [
    [count(({ action }) => action === 'add'), 'new'],
    [count((change) => change.action === 'modify' && !replaces(change)), 'changed'],
    [count((change) => replaces(change) && change.replacement === 'yes'), 'REPLACED'],
    [count((change) => replaces(change) && change.replacement === 'conditional'), 'CONDITIONALLY REPLACED'],
    [count(({ action, deletionPolicy }) => action === 'remove' && deletionPolicy !== 'retain'), 'DELETED'],
    [count(({ action, deletionPolicy }) => action === 'remove' && deletionPolicy === 'retain'), 'let go, but kept'],
    [count(({ action }) => action === 'import'), 'imported'],
    [count(({ action }) => action === 'conditional'), 'told only while it runs'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return told.length === 0 ? 'no resource changes, only outputs or text' : told.join(', ')
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html */
const unknown = '{{changeSet:KNOWN_AFTER_APPLY}}'

const deletionWords = {
  delete: 'DELETED',
  retain: 'kept, no longer managed',
  snapshot: 'DELETED after a snapshot',
} as const

function danger(change: ResourceChange): string | undefined {
  if (change.action === 'remove') return deletionWords[change.deletionPolicy ?? 'delete']
  if (!replaces(change)) return undefined
  const old = change.deletionPolicy === 'retain' ? '; the old one is kept' : '; the old one is deleted'
  return change.replacement === 'yes' ? `REPLACED by a new one${old}` : `CONDITIONALLY REPLACED${old}`
}

function propertyLine(property: PropertyChange, { columns, label = (value) => value }: PlanStyle): string[] {
  const one = (value: string | undefined): string =>
    value === undefined
      ? '(none)'
      : value === unknown
        ? '(known afterwards)'
        : label(value.replace(/\s+/g, ' ')).replace(/^$/, '""')
  const replacing = { no: '', yes: ' (this replaces it)', conditional: ' (this may replace it)' }[property.replaces]
  const path = `      ${shorten(property.path, columns - 8 - replacing.length)}`
  if (property.before === undefined && property.after === undefined) {
    const cause = property.cause === undefined ? '' : `: follows ${shorten(property.cause, 40)}`
    return [`${path}${cause}${replacing}`]
  }
  const [before, after] = [one(property.before), one(property.after)]
  const line = `${path}: ${before} -> ${after}${replacing}`
  if (line.length <= columns) return [line]
  return [
    `${path}${replacing}`,
    `        ${shorten(before, columns - 8)}`,
    `        -> ${shorten(after, columns - 11)}`,
  ]
}

/** On the same line if it fits, below it if not: a warning is never cut. */
const beside = (line: string, warning: string, columns: number): string[] =>
  line.length + 2 + warning.length <= columns ? [`${line}  ${warning}`] : [line, `      ${warning}`]

/** Deletions and replacements first: nobody should have to look for them. */
const byDanger = (left: ResourceChange, right: ResourceChange): number =>
  Number(endangers(right)) - Number(endangers(left))

/** That a group which only rolls "may be replaced" would frighten for nothing. */
const shown = (change: ResourceChange): readonly PropertyChange[] =>
  rolls(change) ? change.properties.map((property) => ({ ...property, replaces: 'no' })) : change.properties

/** A plan for the screen: a headline, then a block for each resource that changes. */
export function renderPlan(title: string, plan: StackPlan, style: PlanStyle): string {
  const head = wrap(`${title}: ${planSummary(plan)}`, style.columns, '  ').join('\n')
  if (plan.type === 'unchanged' || plan.changes.length === 0) return head
  const width = Math.min(32, Math.max(...plan.changes.map(({ logicalId }) => logicalId.length)))
  const blocks = [...plan.changes].sort(byDanger).flatMap((change) => {
    const warning = danger(change)
    const mark = warning === undefined ? ' ' : '!'
    const line = `${mark} ${marks[change.action]} ${pad(shorten(change.logicalId, 32), width)}  ${resourceWords(change.resourceType)}`
    const told =
      warning === undefined
        ? [rolls(change) ? `${line}  rolls its instances` : line]
        : beside(line, warning, style.columns)
    return [
      ...told.map((each) => paint(each, warning === undefined ? styles[change.action] : 'danger', style.colour)),
      ...(change.action === 'add' ? [] : shown(change).flatMap((property) => propertyLine(property, style))),
    ]
  })
  const lost = plan.changes.filter((change) => endangers(change) && change.deletionPolicy !== 'retain').length
  const warning =
    lost === 0 ? [] : ['', paint(`! ${plural(lost, 'resource')} will be deleted or replaced.`, 'danger', style.colour)]
  const consequences = consequencesOf(plan.changes).flatMap((words) => ['', ...wrap(words, style.columns)])
  return [head, '', ...blocks, ...warning, ...consequences].join('\n')
}
