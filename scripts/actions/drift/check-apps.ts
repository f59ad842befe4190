import { imageFindings, strayFindings, type RunningInstance } from '../../core/drift/image-drift.ts'
import { unchecked, type Finding } from '../../core/drift/report.ts'
import { canBeChecked } from '../../core/drift/stack-drift.ts'
import type { Environment } from '../../core/names.ts'
import type { Ports } from '../../core/ports.ts'
import type { StackState } from '../../core/stack/state.ts'
import type { Part } from '../stack/check-stack.ts'
import { orWhy } from '../or-why.ts'

/** Image drift of one environment: what its apps should run against what runs in its network. */
export async function checkApps(
  environment: Environment,
  vpc: string | undefined,
  apps: readonly StackState[],
  approved: ReadonlyMap<string, string>,
  ports: Ports,
): Promise<Part> {
  const asked = vpc === undefined ? undefined : await orWhy(ports.fleet.instancesIn(vpc))
  const instances = asked?.type === 'answered' ? asked.answer : []
  // An app whose creation has not ended, or failed, has no outputs yet; which group is its own, nobody can tell.
  const nameless = apps.filter(({ outputs }) => !outputs['GroupName'])
  const groups = new Set(apps.map(({ outputs }) => outputs['GroupName']))
  const isStray = ({ group }: RunningInstance): boolean =>
    group === null || (nameless.length === 0 && !groups.has(group))
  // Builders come and go with a build and carry its tag; they belong to no group by design.
  const strays = instances.filter((instance) => isStray(instance) && instance.tags['Builder'] === undefined)
  const named = apps.filter((app) => !nameless.includes(app))
  const found = await Promise.all(
    named.map((app) => checkApp(environment, app, instances, approved.get(app.name) ?? null, ports)),
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
      ...found.flat(),
      ...strayFindings(environment, strays),
    ],
  }
}

async function checkApp(
  environment: Environment,
  stack: StackState,
  instances: readonly RunningInstance[],
  approvedImage: string | null,
  ports: Ports,
): Promise<readonly Finding[]> {
  const group = stack.outputs['GroupName']!
  const asked = await orWhy(groupImage(group, ports))
  return imageFindings({
    environment,
    stack: stack.name,
    stackImage: stack.parameters['ImageId'] ?? '',
    approvedImage,
    group,
    groupImage: asked.type === 'answered' ? asked.answer : null,
    groupRefusal: asked.type === 'refused' ? asked.why : undefined,
    instances: instances.filter((instance) => instance.group === group),
  })
}

async function groupImage(group: string, { fleet }: Ports): Promise<string | null> {
  const [facts] = await fleet.groups([group])
  const template = facts?.launchTemplate
  return (template && (await fleet.templateImage(template.id, template.version))) ?? null
}
