import { builtFor } from '../core/image/order.ts'
import type { Ports } from '../core/ports.ts'

export type Builder = 'bake' | 'verify'

/**
 * Tags of the machines that one job makes. A build that was killed leaves its own behind: StopBuild promises no
 * `finally`. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
 */
export const builderTags = (
  settings: { readonly OWNER: string; readonly PROJECT: string },
  builder: Builder,
  who: string,
): Readonly<Record<string, string>> => ({
  Owner: settings.OWNER,
  Project: settings.PROJECT,
  Builder: builder,
  BuiltFor: who,
})

/** Terminates leftover machines of the same job; says so. Returns how many there were. */
export async function sweepBuilders(
  tags: Readonly<Record<string, string>>,
  ports: Pick<Ports, 'images' | 'terminal'>,
): Promise<number> {
  const left = await ports.images.instances(tags)
  if (left.length === 0) return 0
  ports.terminal.say(`An earlier ${tags['Builder']} left ${left.join(', ')}: terminating`)
  await ports.images.terminate(left)
  return left.length
}

/**
 * `make sweep`: what bakes and verifications of a branch left behind, by hand or in its pipeline. Whether one of them
 * is still at work only a person can tell, so it asks.
 */
export async function sweepAll(
  settings: { readonly OWNER: string; readonly PROJECT: string; readonly REPO: string; readonly BRANCH: string },
  ports: Pick<Ports, 'images' | 'terminal'>,
): Promise<void> {
  const builders: readonly Builder[] = ['bake', 'verify']
  const left: string[] = []
  for (const builder of builders)
    for (const who of ['hand', 'pipeline']) {
      const tags = builderTags(settings, builder, builtFor(who, settings))
      const found = await ports.images.instances(tags)
      left.push(...found)
      for (const id of found) ports.terminal.say(`${id}  ${builder}, ${tags['BuiltFor']}`)
    }
  if (left.length === 0) return ports.terminal.say('No machine was left behind.')
  const them = left.length === 1 ? 'this machine' : `these ${left.length} machines`
  if (!(await ports.terminal.confirm(`Terminate ${them}? A build that still uses one fails.`))) return
  await ports.images.terminate(left)
  ports.terminal.say(`Terminating ${left.join(', ')}`)
}
