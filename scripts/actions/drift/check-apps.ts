import { imageFindings, orphanedFindings, type RunningInstance } from '../../core/drift/image-drift.ts'
import { unchecked, type Finding } from '../../core/drift/report.ts'
import { canBeChecked } from '../../core/drift/stack-drift.ts'
import { app } from '../../core/layers/app.ts'
import type { Environment } from '../../core/names.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { Approved } from '../approval/approved-images.ts'
import type { Part } from './check-stack.ts'
import type { GroupLook } from '../image/look-at-groups.ts'
import { orWhy } from '../../engine/of-many.ts'
import type { RollbackLook } from '../../core/rollback/record.ts'

/** Image drift of one environment: what its apps should run against what runs in its network. */
export async function checkApps(
  environment: Environment,
  vpc: string | undefined,
  /** `others`: what else has a group, whose instances may stand in the same network. */
  { apps, others }: { readonly apps: readonly StackState[]; readonly others: readonly StackState[] },
  approved: Approved['images'],
  looks: Promise<{ readonly groupOf: (stack: string) => GroupLook }>,
  rollbacks: Promise<(stack: string) => RollbackLook>,
  ports: Pick<Ports, 'fleet'>,
): Promise<Part> {
  const asked = vpc === undefined ? undefined : await orWhy(ports.fleet.instancesIn(vpc))
  const instances = asked?.type === 'answered' ? asked.answer : []
  // An app whose creation has not ended, or failed, has no outputs yet; which group is its own, nobody can tell.
  const nameless = apps.filter((one) => !app.facts(one).group)
  const groups = new Set([...apps, ...others].map((one) => app.facts(one).group || undefined))
  const isOrphaned = ({ group }: RunningInstance): boolean =>
    group === null || (!groups.has(undefined) && !groups.has(group))
  // Builders come and go with a build and carry its tag; they belong to no group by design.
  const orphaned = instances.filter((instance) => isOrphaned(instance) && instance.tags['Builder'] === undefined)
  const named = apps.filter((one) => !nameless.includes(one))
  const [{ groupOf }, rollbackOf] = await Promise.all([looks, rollbacks])
  const found = named.flatMap((one) =>
    findingsOf(
      environment,
      one,
      instances,
      approved.get(one.name)?.image ?? null,
      groupOf(one.name),
      rollbackOf(one.name),
    ),
  )
  return {
    checked: named.length + instances.length,
    findings: [
      ...(asked?.type === 'refused'
        ? [unchecked(environment, vpc!, `its instances could not be listed: ${asked.why}`)]
        : []),
      ...nameless
        .filter(({ status }) => canBeChecked(status))
        .map(({ name }) =>
          unchecked(environment, name, 'has no output GroupName: its instances could not be compared'),
        ),
      ...found,
      ...orphanedFindings(environment, orphaned),
    ],
  }
}

function findingsOf(
  environment: Environment,
  stack: StackState,
  instances: readonly RunningInstance[],
  approvedImage: string | null,
  { image, hindrances }: GroupLook,
  { rollback, unchecked: why }: RollbackLook,
): readonly Finding[] {
  const { image: stackImage = '', ...facts } = app.facts(stack)
  const group = facts.group!
  const found = imageFindings({
    rolledBack: rollback,
    environment,
    stack: stack.name,
    stackImage,
    approvedImage,
    group,
    groupImage: image,
    hindrances,
    instances: instances.filter((instance) => instance.group === group),
  })
  return why === undefined ? found : [...found, unchecked(environment, stack.name, why)]
}
