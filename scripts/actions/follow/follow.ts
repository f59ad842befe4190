import type { Commands } from '../../core/commands.ts'
import { exitCodes } from '../../core/errors.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { group as layer } from '../../core/layers/group.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { commitTagOf, rigletOf, wantsJson } from '../../core/settings/settings.ts'
import {
  changesIn,
  discardApart,
  executeApart,
  planApart,
  showApart,
  type EndThere,
  type PlanThere,
} from '../../engine/places/converge-apart.ts'
import { groupsAsData, isTroubled, renderGroups, renderLeft, type FollowRow } from '../../view/distribution/groups.ts'
import { plural } from '../../view/text.ts'
import type { Left } from './find-left.ts'
import { assessGroups, readFollowed, type Assessed, type FollowSettings } from './assess-groups.ts'

type FollowPorts = Pick<Ports, 'at' | 'clock' | 'files' | 'git' | 'terminal'>

type Prepared = {
  readonly rows: readonly FollowRow[]
  /** With the change sets that were made. */
  readonly plans: readonly PlanThere[]
  readonly commands: Commands
  readonly left: Left
}

/** Follow is its own way out: it makes what is missing, and goes on with what failed. */
const commandsOf = ({ ENV }: FollowSettings): Commands => {
  const [run, plan] = ['follow', 'plan-follow'].map((word) => `make ${word}${ENV === undefined ? '' : ` ENV=${ENV}`}`)
  return { create: run!, update: run!, recover: run!, remove: run!, status: plan! }
}

/** What groups are to run, and a change set of each whose stack is not so. */
async function prepare(settings: FollowSettings, ports: FollowPorts): Promise<Prepared> {
  const commands = commandsOf(settings)
  const { left, ...meant } = await readFollowed(settings, ports)
  const [assessed, template] = [await assessGroups(meant, ports), await ports.files.read(layer.template)]
  const riglet = rigletOf(settings)
  const stacks = assessed.flatMap(({ plan: { group, next: runs, state }, there }: Assessed) =>
    runs === undefined
      ? []
      : [
          {
            desired: desiredStack(layer, { riglet, environment: group.environment, group, runs }, template, settings),
            state,
            there,
          },
        ],
  )
  const plans = await planApart(stacks)
  const byStack = new Map(plans.map((one) => [one.desired.name, one.plan]))
  return { rows: assessed.map(({ plan }) => ({ plan, change: byStack.get(plan.stack) })), plans, commands, left }
}

const exitCodeOf = (rows: readonly FollowRow[]): number => (rows.some(isTroubled) ? exitCodes.failed : exitCodes.ok)

function show(
  rows: readonly FollowRow[],
  { groups, unchecked }: Left,
  settings: FollowSettings,
  { terminal }: Pick<Ports, 'terminal'>,
): void {
  terminal.show(
    wantsJson(settings)
      ? JSON.stringify(groupsAsData(rows, groups), null, 2)
      : [...renderGroups(rows, terminal), ...renderLeft(groups, terminal)].join('\n'),
  )
  // Of a place that has groups their own lines tell it.
  for (const [place, why] of unchecked)
    if (!rows.some(({ plan }) => plan.place.title === place))
      terminal.say(`Not checked whether groups were left behind in ${place}: ${why}`)
}

async function showPlan(prepared: Prepared, settings: FollowSettings, ports: FollowPorts): Promise<void> {
  show(prepared.rows, prepared.left, settings, ports)
  if (wantsJson(settings) || changesIn(prepared.plans).length === 0) return
  ports.terminal.show('')
  await showApart(prepared.plans, { commitTag: commitTagOf(settings) }, ports)
}

/**
 * `make plan-follow`: which groups would move to which image, and why others stay. Leaves nothing behind.
 * @throws RigletError FILE | NOT_FOUND | SETTINGS
 */
export async function planFollow(settings: FollowSettings, ports: FollowPorts): Promise<number> {
  const prepared = await prepare(settings, ports)
  try {
    await showPlan(prepared, settings, ports)
  } finally {
    await discardApart(prepared.plans)
  }
  return exitCodeOf(prepared.rows)
}

/**
 * `make follow`: makes and moves groups to the images of what their refs name (A10). Shows it, asks, and executes exactly the
 * change sets that it showed. What fails in one place holds no other back; a group whose image is not there yet keeps the
 * one that it has, which is no failure (A12).
 * @throws RigletError FILE | NOT_FOUND | SETTINGS | NOT_CONFIRMED | INTERRUPTED
 */
export async function follow(settings: FollowSettings, ports: FollowPorts): Promise<number> {
  const prepared = await prepare(settings, ports)
  const { rows, plans, commands, left } = prepared
  const moving = changesIn(plans)
  let ends: ReadonlyMap<string, EndThere> = new Map()
  if (moving.length > 0) {
    if (!(await agree(prepared, moving.length, settings, ports))) {
      ports.terminal.say('Nothing was changed.')
      return exitCodes.failed
    }
    ends = await executeApart(moving, commands, ports)
  }
  const ended = rows.map((row): FollowRow => ({ ...row, end: ends.get(row.plan.stack) }))
  show(ended, left, settings, ports)
  return exitCodeOf(ended)
}

/** Declining leaves nothing behind, and neither does having nobody to ask, or a plan that could not be shown. */
async function agree(
  prepared: Prepared,
  count: number,
  settings: FollowSettings,
  ports: FollowPorts,
): Promise<boolean> {
  let yes = false
  try {
    if (!wantsJson(settings)) await showPlan(prepared, settings, ports)
    yes = await ports.terminal.confirm(`Change ${plural(count, 'group')}?`)
    return yes
  } finally {
    if (!yes) await discardApart(prepared.plans)
  }
}
