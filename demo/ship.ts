import { shortDigest, type Packet } from '../scripts/core/approval/packet.ts'
import { RigletError } from '../scripts/core/errors.ts'
import { anObject, readJson } from '../scripts/core/json.ts'
import type { Ports } from '../scripts/core/ports/ports.ts'
import { commitVersion } from './source.ts'
import type { Stage } from './stage.ts'

/** Pushes one version and takes it all the way: the pipeline by itself to the approval, then whatever the person says. */
export async function ship(version: string, stage: Stage, ports: Ports): Promise<string> {
  await stage.timed(`push ${version}, up to approval`, async () => {
    await commitVersion(version, ports)
    await stage.make('push')
    await stage.make('watch-pipeline')
  })
  const { digest, packet } = await readJson(
    'make show-approval JSON=1',
    await stage.ask('show-approval', 'JSON=1'),
    anObject<{ digest: string; packet: Packet }>('digest', 'packet'),
  )
  await stage.make('show-approval')
  const short = shortDigest(digest)
  if (
    ports.terminal.interactive &&
    !(await ports.terminal.confirm(`Approve ${short}, version ${version} for production?`))
  ) {
    await stage.make('reject', 'REASON=declined in the demo')
    throw new RigletError(
      'APPROVAL',
      'You rejected it, so production stays as it is.',
      '`make demo` begins anew; `make demo-down` removes everything.',
    )
  }
  await stage.timed(`production ${version}`, async () => {
    await stage.make('approve', `DIGEST=${short}`)
    await stage.make('watch-pipeline')
  })
  return packet.decisive.newImage.id
}
