import { digestOf, shortDigest, type Packet, type PacketImage } from '../core/approval/packet.ts'
import { nameIn } from '../core/approval/person.ts'
import { wayBackLines, type WayBack } from '../core/approval/way-back.ts'
import type { PackageDifference } from '../core/packages/difference.ts'
import { renderPlan } from './plan.ts'
import { wrap } from './text.ts'

const width = 80
const planned = { type: 'changes', stackId: '', operation: 'update', changeSet: '' } as const

/** What an approver reads: what is new, what it does, what is touched, and the digest to type. */
export function renderPacket(packet: Packet): string {
  const { decisive } = packet
  const { oldImage, newImage } = decisive
  const first = oldImage === null
  return [
    `${decisive.stack}: ${first ? 'first deployment' : 'update'}`,
    '',
    // Before all else: what cannot be taken back is another decision.
    ...notes(
      'WAY BACK',
      wayBackLines(decisive.wayBack).map((why) => `FAILS: ${why}`),
    ),
    ...(wayBackLines(decisive.wayBack).length === 0 ? [] : ['']),
    field('image', first ? describe(newImage) : `${describe(oldImage)}`),
    ...(first ? [] : [field('', `-> ${oldImage.id === newImage.id ? 'the same' : describe(newImage)}`)]),
    field('source', pushed(packet.source)),
    field('tests', packet.tests === '' ? 'not known' : packet.tests),
    ...packages(packet.packages, first),
    field('instances', packet.instances.length === 0 ? 'none yet' : packet.instances.join(', ')),
    ...notes('unchecked', packet.unchecked),
    ...wayBack(decisive.wayBack),
    ...notes('TAKEN BACK', packet.takenBack ? [packet.takenBack] : []),
    ...notes('FROZEN', packet.frozen ? [packet.frozen] : []),
    ...notes('approver', packet.separate ? [separate(packet.source)] : []),
    field('execution', packet.execution || 'by hand'),
    field('judged by', packet.control === '' ? 'this checkout' : `riglet ${packet.control}`),
    '',
    renderPlan(
      'resources',
      { ...planned, stack: decisive.stack, changes: decisive.changes },
      { columns: width, colour: false },
    ),
    '',
    field('digest', shortDigest(digestOf(decisive))),
  ].join('\n')
}

const field = (name: string, value: string): string => `  ${name.padEnd(12)}${value}`

/** Longer than a line as a rule. */
const notes = (name: string, lines: readonly string[] = []): string[] =>
  lines.flatMap((line) => wrap(line, width - 14)).map((line, index) => field(index === 0 ? name : '', line))

/** Each check of it, and its outcome. */
const wayBack = (tried: WayBack | null): string[] =>
  tried === null
    ? [field('way back', 'none: this is the first deployment')]
    : [
        field('way back', `to ${tried.image}`),
        ...tried.checks.flatMap(({ check, outcome, why }) =>
          notes('', [`${outcome === 'fails' ? 'FAILS' : outcome}: ${check}: ${why}`]),
        ),
      ]

const pushed = (source: Packet['source']): string =>
  source === null
    ? 'by hand'
    : `commit ${source.commit.slice(0, 7)} "${source.message.slice(0, 40)}" by ${source.author}, pushed by ${nameIn(source.pusher)}`.slice(
        0,
        width - 14,
      )

const separate = (source: Packet['source']): string =>
  `somebody else than ${source === null ? 'who pushed' : nameIn(source.pusher)}: SEPARATE_APPROVER is set`

const describe = (image: PacketImage): string =>
  [
    image.id,
    image.version && `version ${image.version}`,
    image.commit && `commit ${image.commit.slice(0, 7)}`,
    image.state === 'available' ? '' : image.state.toUpperCase(),
  ]
    .filter((word) => word !== '')
    .join('  ')

function packages(difference: PackageDifference | null, first: boolean): string[] {
  if (first) return []
  if (difference === null) return [field('packages', 'not known: a list of one of the images is missing')]
  const lines = [
    ...difference.changed.map(({ name, from, to }) => `~ ${name} ${from} -> ${to}`),
    ...difference.added.map(({ name, version }) => `+ ${name} ${version}`),
    ...difference.removed.map(({ name, version }) => `- ${name} ${version}`),
  ]
  if (lines.length === 0) return [field('packages', 'the same')]
  return lines.map((line, index) => field(index === 0 ? 'packages' : '', line.slice(0, width - 14)))
}
