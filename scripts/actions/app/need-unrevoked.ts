import { revokedMeanwhile } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Environment } from '../../core/names.ts'
import { isLast } from '../../core/shapes.ts'
import { orWhy } from '../../engine/of-many.ts'

/**
 * The last look of a pipeline's Smoke, just before the next environment is deployed: whoever revokes an image while it is on its
 * way finds it nowhere but there (decision 0027). Production has its guard; what it runs nobody takes back without a person.
 * @throws RigletError IMAGE
 */
export async function needUnrevoked(
  id: string,
  environment: Environment,
  { images, terminal }: Pick<Ports, 'images' | 'terminal'>,
): Promise<void> {
  if (isLast(environment)) return
  const asked = await orWhy(images.describe([id]))
  if (asked.type === 'refused') return terminal.say(`Not checked whether ${id} is revoked: ${asked.why}`)
  const revocation = revocationOf(asked.answer[0]?.tags ?? {})
  if (revocation !== undefined) throw revokedMeanwhile(id, revocation, environment)
}
