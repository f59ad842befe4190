import assert from 'node:assert/strict'
import type { RigletStatus } from '../../../scripts/core/riglet/status.ts'
import type { StackPlan } from '../../../scripts/core/stack/plan.ts'
import type { User } from './user.ts'

type State = { readonly stack: string; readonly status: string | null; readonly health: string }

/** What the verbs of one environment tell a person, as data; `here` names the environment as it is typed. */
export function verbsOf(user: () => User, here: string) {
  const data = async <Data>(...words: readonly string[]): Promise<Data> =>
    JSON.parse((await user().does(...words, 'JSON=1')).stdout) as Data
  /** Each stack's status and what it means, as `status-...` tells them. */
  const states = async (noun: string): Promise<readonly string[]> =>
    (await data<State[]>(`status-${noun}`, here)).map(({ stack, status, health }) => `${stack} ${status} ${health}`)
  const planned = async (noun: string, ...words: readonly string[]): Promise<readonly string[]> =>
    (await data<StackPlan[]>(`plan-${noun}`, here, ...words)).map((plan) =>
      plan.type === 'unchanged' ? `${plan.stack} unchanged` : `${plan.stack} ${plan.operation}`,
    )
  /** A target that asks, where there is nobody to say yes. */
  const refuses = async (...words: readonly string[]): Promise<void> => {
    const { code, stderr } = await user().make(...words)
    assert.notEqual(code, 0)
    assert.match(stderr, /There is no terminal to ask on: .*\?\n[^]*If the answer is yes, add YES=1\./)
  }

  /**
   * Whoever asks about a group that can replace no instance is told why: drift with code 2, status at the app; plan and
   * update refuse, also where nothing would change.
   */
  async function standsStill(stack: string, words: readonly string[], why: string): Promise<void> {
    const drift = await user().make('drift', here)
    assert.equal(drift.code, 2, drift.stdout)
    assert.match(drift.stdout, new RegExp(`^! ${stack}\n {4}can replace no instance\n.*\n {4}actual +`, 'm'))
    assert.ok(drift.stdout.includes(`actual    ${why}`), drift.stdout)
    const { environments } = await data<RigletStatus>('status')
    const told = environments.flatMap(({ apps }) => apps).find((one) => one.stack === stack)
    assert.ok(told?.cannotReplace.includes(why), JSON.stringify(told))
    assert.match((await user().does('status')).stdout, /^! +can replace no instance: \w/m)
    for (const verb of ['plan-app', 'update-app']) {
      const { code, stdout, stderr } = await user().make(verb, here, ...words, 'YES=1')
      assert.notEqual(code, 0, verb)
      assert.equal(stdout, '')
      assert.ok(stderr.includes(`The group of ${stack} can replace no instance:\n  - `), stderr)
      assert.ok(stderr.includes(why), stderr)
    }
  }

  return { data, states, planned, refuses, standsStill }
}
