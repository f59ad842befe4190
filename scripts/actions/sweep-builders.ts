import type { Ports } from '../core/ports.ts'

export type Builder = 'bake' | 'verify'

/**
 * Tags of the machines that one job makes. A build that was killed leaves its own behind: StopBuild promises no
 * `finally`. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
 */
export const builderTags = (
  settings: { readonly OWNER: string; readonly PROJECT: string },
  builder: Builder,
  builtFor: string,
): Readonly<Record<string, string>> => ({
  Owner: settings.OWNER,
  Project: settings.PROJECT,
  Builder: builder,
  BuiltFor: builtFor,
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
