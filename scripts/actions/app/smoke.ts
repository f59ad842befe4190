import { smokeFailed } from '../../core/image/errors.ts'
import { judge, type Expected, type Identity } from '../../core/image/identity.ts'
import { secureAddress } from '../../core/image/answer.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** One right answer may be luck while an old machine still answers, too. */
const inARow = 5
/** Milliseconds between two questions: what serves is asked in quick turn, what does not yet is left in peace. */
const pauses = { right: 200, wrong: 500 }
/** Seconds that nothing but another image's answers are borne: a roll-out is over when its smoke test begins. */
const settledSeconds = 45

export type Asked = Expected & {
  readonly url: string
  readonly seconds: number
  /** The app was given no name of its own, so nobody knows which one stands in the load balancer's certificate. */
  readonly anyName?: boolean
  /** The load balancer, which is asked for the app's host: its name may lead there later, or only for visitors. */
  readonly at?: string | undefined
}

/**
 * Asks an app who it is until it answers as the deployed image several times in a row.
 * @throws RigletError IMAGE that tells what was seen last, when `seconds` have passed
 */
export async function smoke(desired: Asked, ports: Pick<Ports, 'http' | 'clock' | 'terminal'>): Promise<Identity> {
  const { anyName = false, at } = desired
  let url = `${desired.url.replace(/\/+$/, '')}/identity.json`
  const began = ports.clock.now().getTime()
  const passed = (): number => Math.round((ports.clock.now().getTime() - began) / 1000)
  let right = 0
  let said = ''
  let settledSince = 0
  for (;;) {
    const answer = await ports.http.get(url, 5000, { anyName, at })
    const secure = secureAddress(url, answer)
    if (secure !== undefined) {
      url = secure
      ports.terminal.say(
        `  ${passed()} s: led to HTTPS${anyName ? '; the app has no HOST_NAME, so any name is right in the certificate' : ''}`,
      )
      continue
    }
    const sight = judge(answer, desired)
    right = sight.type === 'right' ? right + 1 : 0
    if (sight.type === 'right' && right === inARow) {
      const { version, commit, imageId } = sight.identity
      ports.terminal.say(
        `${new URL('.', url).href} answers as version ${version} (commit ${commit.slice(0, 7)}, ${imageId}), after ${passed()} s`,
      )
      return sight.identity
    }
    if (sight.type === 'wrong' && sight.words !== said) {
      said = sight.words
      ports.terminal.say(`  ${passed()} s: ${said}`)
    }
    if (sight.type === 'right' || !sight.settled) settledSince = passed()
    const seconds = passed() - settledSince >= settledSeconds ? settledSeconds : desired.seconds
    if (passed() >= desired.seconds || seconds === settledSeconds) {
      const words = `${desired.imageId}${desired.version === undefined ? '' : ` of version ${desired.version}`}`
      throw smokeFailed(url, said || 'right, but not steadily', words, seconds)
    }
    await ports.clock.sleep(pauses[sight.type])
  }
}
