import { hostTaken, noRuleFree } from '../../core/environments/errors.ts'
import {
  declaredOf,
  environmentsFile,
  overruled,
  withDeclared,
  type Environments,
} from '../../core/environments/app-settings.ts'
import { app } from '../../core/layers/app.ts'
import { foundation } from '../../core/layers/foundation.ts'
import { appName, stackName, type Environment, type Riglet, type Source } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Settings } from '../../core/settings/settings.ts'
import { healthOf, exists, type StackState } from '../../core/stack/state.ts'
import { placeRule, type ListenerRule } from '../../core/stack/place-rule.ts'

export type AppOrder = {
  readonly riglet: Riglet
  readonly environment: Environment
  readonly source: Source
  readonly settings: Settings
  /** The app's stack as it is. */
  readonly state: StackState | undefined
  /** What environments.yaml says, which is read once for all environments; undefined: there is no such file. */
  readonly said: Environments | undefined
}

type SettlePorts = Pick<Ports, 'stacks' | 'listeners' | 'terminal'>

/**
 * What every way of deploying an app asks before it plans: its settings with what environments.yaml says, and the number
 * of its rule. The load balancer is looked at only where the app is new or answers for another host: two calls.
 * @throws RigletError RULE_TAKEN
 */
export async function settleApp(
  order: AppOrder,
  ports: SettlePorts,
): Promise<{ readonly settings: Settings; readonly priority: number }> {
  const settings = settingsOf(order, ports)
  const { state } = order
  // What never worked has set nothing, and its rule is gone.
  const earlier = exists(state) && healthOf(state.status) !== 'createFailed' ? state.parameters : {}
  const kept = earlier['ListenerPriority'] === undefined ? undefined : Number(earlier['ListenerPriority'])
  const before = earlier['HostName'] ?? ''
  const host = settings.HOST_NAME ?? before
  return { settings, priority: kept !== undefined && host === before ? kept : await place(order, host, kept, ports) }
}

function settingsOf({ environment, source, settings, said }: AppOrder, ports: SettlePorts): Settings {
  if (said === undefined) return settings
  const declared = declaredOf(said, environment, source)
  for (const name of overruled(settings, declared))
    ports.terminal.say(`${name} of .make is not used: ${environmentsFile} says otherwise for ${environment}`)
  return withDeclared(settings, declared)
}

async function place(
  { riglet, environment, source, state }: AppOrder,
  host: string,
  kept: number | undefined,
  { stacks, listeners }: SettlePorts,
): Promise<number> {
  const ground = await stacks.find(stackName.foundation(riglet, environment))
  const listener = exists(ground) ? foundation.facts(ground).listener : undefined
  // Without one the plan says what is missing, in CloudFormation's own words.
  const rules = listener === undefined ? [] : await listeners.rules(listener)
  const group = state && app.facts(state).targetGroup
  const isOwn = ({ priority, targetGroups }: ListenerRule): boolean =>
    group === undefined ? priority === kept : targetGroups.includes(group)
  const name = stackName.app(riglet, environment, source)
  let others = rules.filter((rule) => !isOwn(rule))
  for (;;) {
    const placed = placeRule(others, appName(source), host, kept)
    if (placed.type === 'free') return placed.priority
    const rule = placed.type === 'taken' ? placed.by : placed.of
    const holder = holderOf(rule, await listeners.tagsOf(rule.arn))
    if (holder !== name)
      throw placed.type === 'taken'
        ? hostTaken(name, host, holder, rule.priority)
        : noRuleFree(name, placed.side, holder, rule.priority)
    // Left by a creation whose roll-back failed; it goes with the remains before the stack is made anew.
    others = others.filter((other) => other !== rule)
  }
}

/** CloudFormation tags what it makes. */
const holderOf = ({ arn }: ListenerRule, tags: Readonly<Record<string, string>>): string =>
  tags['aws:cloudformation:stack-name'] ?? `a rule that no stack made, ${arn}`
