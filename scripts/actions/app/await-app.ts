import { notPlannable, waitTooLong } from '../../core/stack/errors.ts'
import { commandOf } from '../../core/commands.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { environmentOf, rigletOf, sourceOf } from '../../core/settings/settings.ts'
import { healthOf } from '../../core/stack/state.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { until } from '../../core/until.ts'
import { appSubject, type AppSettings } from './app.ts'
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
  const { stacks, commands } = appSubject(settings)
  const [name] = stacks
  const whose = marksOf(rigletOf(settings), sourceOf(settings), environmentOf(settings))
  const recover = commandOf('recover', 'app', { ENV: settings.ENV, REPO: settings.REPO, BRANCH: settings.BRANCH })
  const find = async (): Promise<string | undefined> => (await findOurs(name!, whose, ports))?.status
  let said: string | undefined
  const status = await until(ports.clock, find, {
    done: (now) => now === undefined || healthOf(now) !== 'busy',
    pause: pollMilliseconds,
    minutes: patienceMinutes,
    meanwhile: (now) => {
      if (now !== said)
        ports.terminal.say(
          `${name} is ${now}: something else changes it, and nothing can be planned until that is done.\n` +
            `Waiting for it, ${patienceMinutes} minutes at most`,
        )
      said = now
    },
    tooLate: (now) => {
      const look = `${commands.status}\nWhen it is done: make retry-pipeline`
      return waitTooLong(`${now} of ${name}`, patienceMinutes, look)
    },
  })
  if (status === undefined) return ports.terminal.say(`${name} does not exist yet: it can be planned`)
  const health = healthOf(status)
  if (health === 'createFailed' || health === 'needsRecovery')
    throw notPlannable(name!, status, health, { recover, look: commands.status })
  ports.terminal.say(`${name} is ${status}: it can be planned`)
}
