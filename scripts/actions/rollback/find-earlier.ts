import { stackName } from '../../core/names.ts'
import { earlierIn, type Candidate } from '../../core/rollback/earlier.ts'
import { environmentOf, rigletOf, sourceOf } from '../../core/settings/settings.ts'
import { marksOf } from '../../core/stack/owner.ts'
import { revokedFault } from '../../core/revocation/errors.ts'
import { revocationOf } from '../../core/revocation/revocation.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { lookAtImages } from '../image/look-at-images.ts'
import type { AppSettings } from '../app/app.ts'
import { findOurs } from '../../engine/own-stacks.ts'

/** Executions that are looked through: some months of a busy pipeline. */
const remembered = 50

/**
 * What ran in an environment before, from the pipeline's history, and whether each could run again. An app that is
 * deployed by hand alone has no history.
 */
export async function findEarlier(settings: AppSettings, ports: Ports): Promise<readonly Candidate[]> {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  const pipeline = stackName.pipeline(riglet, source)
  if ((await findOurs(pipeline, marksOf(riglet, source), ports)) === undefined) return []
  const executions = await ports.pipelines.executions(pipeline, remembered)
  if (executions.length === 0) return []
  const since = Math.min(...executions.map(({ started }) => started))
  const runs = await ports.pipelines.runsSince(pipeline, since)
  const earlier = earlierIn(environmentOf(settings), executions, runs)
  const { hindrancesOf, factsOf } = await lookAtImages(
    earlier.map(({ image }) => image),
    ports,
  )
  return earlier.map((one): Candidate => {
    const revocation = revocationOf(factsOf(one.image)?.tags ?? {})
    const hindrances = hindrancesOf(one.image)
    if (revocation === undefined) return { ...one, hindrances }
    const why = `its image ${revokedFault(one.image, revocation)}`
    return { ...one, revocation, hindrances: [...hindrances, { type: 'cannot', why }] }
  })
}
