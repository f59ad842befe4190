import { describeImage } from '../../core/image-facts.ts'
import type { Ports } from '../../core/ports.ts'
import type { StackPlan } from '../../core/stack/plan.ts'

const imageIds = (plans: readonly StackPlan[]): string[] => {
  const values = plans.flatMap((plan) =>
    plan.type === 'unchanged'
      ? []
      : plan.changes.flatMap(({ properties }) => properties.flatMap(({ before, after }) => [before, after])),
  )
  return [...new Set(values.flatMap((value) => value?.match(/\bami-[0-9a-f]{8,17}\b/g) ?? []))]
}

/** An AMI's id tells nobody anything: beside it stand its version and commit. */
export async function labelImages(
  plans: readonly StackPlan[],
  { images }: Pick<Ports, 'images'>,
  commitTag: string,
): Promise<(value: string) => string> {
  const ids = imageIds(plans)
  const facts = ids.length === 0 ? [] : await images.describe(ids)
  const byId = new Map(facts.map((image) => [image.id, image]))
  return (value) => (ids.includes(value) ? describeImage(value, byId.get(value), commitTag) : value)
}
