import type { Inventory } from '../core/riglet/inventory.ts'
import type { Standing } from '../core/riglet/standing.ts'
import type { Settings } from '../core/settings/settings.ts'
import { plural, table, wrap } from './text.ts'

/** Three idle environments: a load balancer and a NAT gateway each, and the smallest instances. */
const cost =
  'About 150 US dollars a month while idle for three load balancers and three NAT gateways; five small instances come on top.'

const marks = { missing: '+', 'as desired': '=', different: '~', 'may differ': '?' } as const

const notes = {
  different: '~ is there, but differs from this checkout, and is left as it is. To see the changes and be asked:',
  'may differ':
    '? is there, and is left as it is; CloudFormation looks up values for it, which may have changed. To see and be asked:',
} as const

/** What differs is somebody else's question: a creation changes nothing that is there. */
const differing = (standings: readonly Standing[]): string[] =>
  (['different', 'may differ'] as const).flatMap((type) => {
    const commands = new Set(standings.flatMap((standing) => (standing.type === type ? [standing.command] : [])))
    if (commands.size === 0) return []
    return ['', ...wrap(notes[type], 80), ...[...commands].map((command) => `  ${command}`)]
  })

export function renderRiglet(
  name: string,
  account: string,
  settings: Settings,
  standings: readonly Standing[],
): string {
  const facts = [
    ['Riglet', name],
    ['Account', account],
    ['Region', settings.REGION ?? ''],
    ['Repository', `${settings.REPO ?? ''}, branch ${settings.BRANCH ?? ''}`],
    ['Notices to', settings.EMAIL_ADDRESS || 'nobody'],
    ['HTTPS', settings.CERTIFICATE_ARN || 'no certificate: HTTP alone'],
  ]
  return [
    ...table(facts),
    '',
    'Stacks (+ new, = there already):',
    ...standings.map(({ stack, type }) => `  ${marks[type]} ${stack}`),
    ...differing(standings),
    '',
    ...wrap(cost, 80),
  ].join('\n')
}

/** Everything that deleting a riglet takes away, by region. */
export function renderInventory(name: string, inventories: readonly Inventory[]): string {
  const blocks = inventories.flatMap(({ region, stacks, images, snapshots, instances, buckets, parameters }) => [
    `${region}:`,
    ...stacks.map((stack) => `! - stack ${stack.name}`),
    ...images.map((image) => `! - image ${image.id} ${image.name}`),
    ...buckets.map((bucket) => `! - bucket ${bucket}, with every version of every object`),
    ...[
      { count: snapshots.length, word: 'snapshot', rest: ' that no image uses any more' },
      { count: instances.length, word: 'instance', rest: '' },
      { count: parameters.length, word: 'parameter', rest: '' },
    ].flatMap(({ count, word, rest }) => (count > 0 ? [`! - ${plural(count, word)}${rest}`] : [])),
  ])
  return [`All of ${name} will be DELETED, and cannot be brought back:`, '', ...blocks].join('\n')
}
