import { buildersStay } from '../../core/riglet/errors.ts'
import { tagsOf, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { until } from '../../core/until.ts'
import { builders } from './sweep-builders.ts'

/** A machine that shuts down ends within a minute or two; one that hangs, within some more. */
const patienceMinutes = 10

/**
 * Removes the key pairs of a riglet's builders, terminates all their machines and waits until those are gone: until then
 * they hold the subnet and the security group that they stand in, and neither can be deleted.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html
 * @throws RigletError WAIT_TOO_LONG
 */
export async function endBuilders(
  riglet: Riglet,
  { images, terminal, clock }: Pick<Ports, 'images' | 'terminal' | 'clock'>,
): Promise<void> {
  const left = async (): Promise<string[]> => {
    const found = builders.map((builder) => images.instances({ ...tagsOf(riglet), Builder: builder }, { ending: true }))
    return (await Promise.all(found)).flat()
  }
  for (const builder of builders)
    for (const key of await images.keyPairs({ ...tagsOf(riglet), Builder: builder })) await images.removeKeyPair(key)
  let said = ''
  await until(clock, left, {
    done: (ids) => ids.length === 0,
    pause: 3000,
    minutes: patienceMinutes,
    meanwhile: async (ids) => {
      const list = ids.join(', ')
      if (list !== said) terminal.say(`Terminating builder machines, and waiting until they are gone: ${list}`)
      said = list
      await images.terminate(ids)
    },
    tooLate: async (ids) => {
      const look = await images.awsCliCommand(`ec2 describe-instances --instance-ids ${ids.join(' ')}`)
      return buildersStay(ids, patienceMinutes, look)
    },
  })
}
