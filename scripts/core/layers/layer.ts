import { isLast } from '../shapes.ts'
import {
  isEnvironment,
  layerTag,
  rigletName,
  stackName,
  type Environment,
  type LayerName,
  type Riglet,
  type Source,
} from '../names.ts'
import type { Settings } from '../settings/settings.ts'
import { saidOf } from '../settings/stack-settings.ts'
import type { StackState } from '../stack/state.ts'
import type { DesiredStack } from '../stack/desired.ts'

/**
 * A kind of stack. `Of`: what one of them is of, such as a riglet and an environment. `Facts`: what one that is there
 * tells to others.
 */
export type Layer<Of = never, Facts = unknown> = {
  readonly layer: LayerName
  /** The template's path in the checkout. */
  readonly template: string
  /** Parameters that name a stack which it imports from, each with the layer of that stack. */
  readonly standsOn: Readonly<Record<string, LayerName>>
  /** What it would make again, if it were deleted before it. */
  readonly makes?: readonly LayerName[]
  /** What holds something that no update brings back, by its name in the template: this is what protection protects. */
  readonly holdsState: readonly string[]
  readonly stack: (of: Of) => string
  /** Short words for the screen. */
  readonly title: (of: Of) => string
  /** What riglet itself knows of it; the settings say the rest. */
  readonly parameters: (of: Of) => Readonly<Record<string, string>>
  /** What its parameters have for as long as no setting says otherwise, where the template knows none by itself. */
  readonly defaults?: (of: Of) => Readonly<Record<string, string>>
  /** Parameters that no update may change: all that stands on the stack would be replaced. */
  readonly fixed?: readonly string[]
  /** Without the one that says the layer, which all have. */
  readonly tags: (of: Of) => Readonly<Record<string, string>>
  readonly facts: (state: StackState) => Facts
}

/** A stack of a layer as it should be: what riglet knows of it, and what the settings say; all else stays as it is. */
export function desiredStack<Of extends OfRiglet>(
  layer: Layer<Of>,
  of: Of,
  template: string,
  settings: Settings,
): DesiredStack {
  const { parameters, reset } = saidOf(layer.layer, settings)
  const defaults = layer.defaults?.(of) ?? {}
  const again = reset.flatMap((name) => (defaults[name] === undefined ? [] : [[name, defaults[name]] as const]))
  const tags = layer.tags(of)
  const [name, environment, artifacts] = [layer.stack(of), tags['Environment'], stackName.artifacts(of.riglet)]
  return {
    name,
    title: layer.title(of),
    file: layer.template,
    template,
    parameters: { ...layer.parameters(of), ...parameters, ...Object.fromEntries(again) },
    defaults,
    ...(layer.fixed === undefined ? {} : { fixed: layer.fixed }),
    reset: reset.filter((name) => defaults[name] === undefined),
    tags: { ...tags, [layerTag]: layer.layer },
    protects: isEnvironment(environment) && isLast(environment) ? layer.holdsState : [],
    ...(name === artifacts ? {} : { longTemplates: { stack: artifacts, output: 'ArtifactBucket' } }),
    capabilities: ['CAPABILITY_NAMED_IAM'],
  }
}

/** What a stack is of: which riglet, environment and source its layer needs to know. */
export type OfRiglet = { readonly riglet: Riglet }
export type OfEnvironment = OfRiglet & { readonly environment: Environment }
export type OfSource = OfRiglet & { readonly source: Source }

/** Whose a stack is, as parameters. */
export const owned = (riglet: Riglet) => ({
  Owner: riglet.owner,
  Project: riglet.project,
  Riglet: rigletName(riglet),
})
