import { baseParameter } from '../../core/image/base.ts'
import { app } from '../../core/layers/app.ts'
import { ofLayer } from '../../core/layers/layers.ts'
import { pipeline } from '../../core/layers/pipeline.ts'
import { stackName, type Riglet } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rebuildsOf, type Rebuild } from '../../core/lineage/rebuilds.ts'
import type { StackState } from '../../core/stack/state.ts'
import { orUnchecked } from '../../engine/of-many.ts'
import type { Family } from './find-family.ts'

/**
 * Which pipelines are to bake and ship anew (B13), and what keeps one from it: an execution since the revocation, or a base
 * image that is itself among what is revoked, on which it would bake the same again.
 */
export async function planRebuilds(
  riglet: Riglet,
  stacks: readonly StackState[],
  { ids, ours }: Family,
  since: string,
  ports: Pick<Ports, 'parameters' | 'pipelines'>,
): Promise<readonly Rebuild[]> {
  const lines = ofLayer('pipeline', stacks).map((stack) => ({
    pipeline: stack.name,
    source: pipeline.facts(stack).source,
  }))
  const running = ofLayer('app', stacks).filter((stack) => ids.has(app.facts(stack).image ?? ''))
  const runs = Map.groupBy(running, ({ parameters: { Repo: repo = '', Branch: branch = '', App: name } }) =>
    stackName.pipeline(riglet, { repo, branch, app: name }),
  )
  const images = ours.map(({ image }) => image)
  const names = new Map([...runs].map(([name, apps]) => [name, apps.map((stack) => stack.name)]))
  const due = rebuildsOf(lines, images, ids, names)
  if (due.length === 0) return []
  const base = await revokedBase(ids, images, ports)
  return Promise.all(
    due.map(async (one): Promise<Rebuild> => ({ ...one, held: base ?? (await runsSince(one.pipeline, since, ports)) })),
  )
}

/** Why a bake of now would be made of what is revoked. */
async function revokedBase(
  ids: ReadonlySet<string>,
  images: readonly { readonly architecture: string }[],
  { parameters }: Pick<Ports, 'parameters'>,
): Promise<string | undefined> {
  const names = [...new Set(images.map(({ architecture }) => baseParameter(architecture)))]
  const bases = await Promise.all(names.map(async (name) => ({ name, asked: await orUnchecked(parameters.get(name)) })))
  for (const { name, asked } of bases) {
    if (typeof asked === 'object') return `what ${name} names is not checked: ${asked.why}`
    if (asked !== undefined && ids.has(asked))
      return `${name} still names ${asked}: run this again once it names another image`
  }
  return undefined
}

async function runsSince(
  name: string,
  since: string,
  { pipelines }: Pick<Ports, 'pipelines'>,
): Promise<string | undefined> {
  const asked = await orUnchecked(pipelines.executions(name, 1))
  if ('type' in asked) return `its executions are not checked: ${asked.why}`
  const [newest] = asked
  return newest !== undefined && newest.started >= Date.parse(since)
    ? `it ran since: ${newest.id} is ${newest.status}`
    : undefined
}
