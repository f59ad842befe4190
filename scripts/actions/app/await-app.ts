import { notPlannable, waitTooLong } from '../../core/stack/errors.ts'
import { commandOf } from '../../core/commands.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { environmentOf, rigletOf, sourceOf } from '../../core/settings/settings.ts'
import { healthOf } from '../../core/stack/state.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { appTarget, type AppSettings } from './app.ts'
import { findOurs } from '../../engine/own-stacks.ts'

/** Longer than any roll-out of ours; the job's own time in cloudformation/jobs.yaml is longer still. */
const patienceMinutes = 60
const pollMilliseconds = 10_000

/**
 * `make await-app`: waits until nothing changes the app's stack any more, because CloudFormation refuses to plan one that
 * is being changed, and says what is waited for. It only looks.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
 * @throws RigletError STACK_BROKEN for what no waiting helps, naming the command that does | WAIT_TOO_LONG
 */
export async function awaitApp(settings: AppSettings, ports: Ports): Promise<void> {
  const { stacks, commands } = appTarget(settings)
  const [name] = stacks
  const whose = marksOf(rigletOf(settings), sourceOf(settings), environmentOf(settings))
  const recover = commandOf('recover', 'app', { ENV: settings.ENV, REPO: settings.REPO, BRANCH: settings.BRANCH })
  const began = ports.clock.now().getTime()
  let said = ''
  for (;;) {
    const state = await findOurs(name!, whose, ports)
    const health = state === undefined ? 'gone' : healthOf(state.status)
    if (state !== undefined && (health === 'createFailed' || health === 'needsRecovery'))
      throw notPlannable(name!, state.status, health, { recover, look: commands.status })
    if (state === undefined || health !== 'busy') {
      ports.terminal.say(
        `${name} ${state === undefined ? 'does not exist yet' : `is ${state.status}`}: it can be planned`,
      )
      return
    }
    if (ports.clock.now().getTime() - began >= patienceMinutes * 60_000)
      throw waitTooLong(
        `${state.status} of ${name}`,
        patienceMinutes,
        `${commands.status}\nWhen it is done: make retry-pipeline`,
      )
    if (state.status !== said)
      ports.terminal.say(
        `${name} is ${state.status}: something else changes it, and nothing can be planned until that is done.\n` +
          `Waiting for it, ${patienceMinutes} minutes at most`,
      )
    said = state.status
    await ports.clock.sleep(pollMilliseconds)
  }
}
