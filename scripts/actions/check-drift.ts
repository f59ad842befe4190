import { imageFindings, strayFindings, type RunningApp, type RunningInstance } from '../core/drift/image-drift.ts'
import type { DriftReport, Finding } from '../core/drift/report.ts'
import { stackFindings } from '../core/drift/stack-drift.ts'
import { environments, rigletName, stackName, tagsOf, type Environment, type Riglet } from '../core/names.ts'
import type { Ports } from '../core/ports.ts'
import { exists, healthOf, type StackState } from '../core/stack/state.ts'
import { approvedImages, type Approved } from './approved-images.ts'

type Part = { readonly checked: number; readonly findings: readonly Finding[] }

/**
 * Stack drift and image drift of one environment or of all, everything side by side; what all environments share
 * (artifacts, pipelines) is checked when no environment is named.
 */
export async function checkDrift(riglet: Riglet, only: Environment | undefined, ports: Ports): Promise<DriftReport> {
  const stacks = (await ports.stacks.list(tagsOf(riglet))).filter(exists)
  const chosen = only === undefined ? environments : [only]
  const approved = await approvedImages(riglet, stacks, ports)
  const parts = await Promise.all([
    ...chosen.map((environment) => checkEnvironment(riglet, environment, stacks, approved, ports)),
    ...(only === undefined ? [checkShared(riglet, stacks, ports)] : []),
  ])
  return {
    environments: [...chosen, ...(only === undefined ? ['shared'] : [])],
    checked: parts.reduce((sum, part) => sum + part.checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  }
}

async function checkEnvironment(
  riglet: Riglet,
  environment: Environment,
  stacks: readonly StackState[],
  approved: Approved,
  ports: Ports,
): Promise<Part> {
  const own = stacks.filter(({ name }) => name.startsWith(`${rigletName(riglet)}-${environment}-`))
  const vpc = own.find(({ name }) => name === stackName.foundation(riglet, environment))?.outputs['VpcId']
  const apps = own.filter(({ name }) => name.startsWith(`${rigletName(riglet)}-${environment}-app-`))
  const instances = vpc === undefined ? [] : await ports.fleet.instancesIn(vpc)
  const [drifts, running] = await Promise.all([
    Promise.all(own.map((stack) => checkStack(environment, stack, ports))),
    Promise.all(apps.map((stack) => runningApp(environment, stack, instances, approved, ports))),
  ])
  const groups = new Set(running.map(({ group }) => group))
  // Builders come and go with a build and carry its tag; they belong to no group by design.
  const strays = instances.filter(({ group, tags }) => !groups.has(group ?? '') && tags['Builder'] === undefined)
  return {
    checked: sum(drifts.map(({ checked }) => checked)) + running.length + instances.length,
    findings: [
      ...drifts.flatMap(({ findings }) => findings),
      ...running.flatMap(imageFindings),
      ...strayFindings(environment, strays),
    ],
  }
}

async function checkShared(riglet: Riglet, stacks: readonly StackState[], ports: Ports): Promise<Part> {
  const mark = new RegExp(`^${rigletName(riglet)}-(?:artifacts$|pipeline-)`)
  const parts = await Promise.all(
    stacks.filter(({ name }) => mark.test(name)).map((s) => checkStack('shared', s, ports)),
  )
  return { checked: sum(parts.map(({ checked }) => checked)), findings: parts.flatMap(({ findings }) => findings) }
}

async function checkStack(environment: string, stack: StackState, ports: Ports): Promise<Part> {
  if (healthOf(stack.status) === 'busy')
    return {
      checked: 0,
      findings: [{ type: 'unchecked', environment, subject: stack.name, what: `is ${stack.status}` }],
    }
  const [drift, resources] = await Promise.all([ports.inspection.drift(stack.name), ports.stacks.resources(stack.name)])
  if (drift.type === 'failed') return { checked: 0, findings: stackFindings(environment, drift) }
  const seen = new Set(drift.resources.map(({ logicalId }) => logicalId))
  const unsupported = resources
    .filter(({ logicalId }) => !seen.has(logicalId))
    .map(({ logicalId, physicalId, type }) => ({
      logicalId,
      physicalId,
      resourceType: type,
      status: 'UNSUPPORTED' as const,
      differences: [],
    }))
  const all = { ...drift, resources: [...drift.resources, ...unsupported] }
  return { checked: drift.resources.length, findings: stackFindings(environment, all) }
}

async function runningApp(
  environment: Environment,
  stack: StackState,
  instances: readonly RunningInstance[],
  approved: Approved,
  ports: Ports,
): Promise<RunningApp> {
  const group = stack.outputs['GroupName'] ?? ''
  const [facts] = await ports.fleet.groups([group])
  const template = facts?.launchTemplate
  const image = template && (await ports.fleet.templateImage(template.id, template.version))
  return {
    environment,
    stack: stack.name,
    stackImage: stack.parameters['ImageId'] ?? '',
    approvedImage: approved.get(stack.name) ?? null,
    group,
    groupImage: image ?? null,
    instances: instances.filter((instance) => instance.group === group),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
