import { roleArn } from '../../core/access/target.ts'
import { commandsOf } from '../../core/commands.ts'
import { groupsFile } from '../../core/groups/groups.ts'
import { desiredStack } from '../../core/layers/layer.ts'
import { schedule as layer, type Declared } from '../../core/layers/schedule.ts'
import { usualImageAge } from '../../core/lineage/ages.ts'
import { appName, environments, rigletName, stackName, type Environment } from '../../core/names.ts'
import { controlKey, type Control } from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, sourceOf, type Settings } from '../../core/settings/settings.ts'
import type { DesiredStack } from '../../core/stack/desired.ts'
import { marksOf } from '../../core/stack/owner.ts'
import type { Subject } from '../../core/subject.ts'
import { deleteSubject } from '../../engine/delete-subject.ts'
import { findOurs } from '../../engine/own-stacks.ts'
import { changeWithControl, planWithControl } from '../control/change-with-control.ts'
import { desiredImages } from '../distribution/read-manifests.ts'
import { environmentsIn } from '../environment/environments-in.ts'

export type ScheduleSettings = Settings<'OWNER' | 'PROJECT' | 'REGION' | 'REPO' | 'BRANCH'>

export function scheduleSubject(settings: ScheduleSettings): Subject {
  const [riglet, source] = [rigletOf(settings), sourceOf(settings)]
  return {
    title: `${rigletName(riglet)} schedule ${appName(source)}`,
    stacks: [stackName.schedule(riglet, source)],
    commands: commandsOf('schedule', { REPO: source.repo, BRANCH: source.branch }),
  }
}

/** An account without a role is only named; nothing is asked there. */
const rolesOf = (
  accounts: Readonly<Record<string, { readonly account: string; readonly role?: string }>>,
): string[] => [
  ...new Set(
    Object.values(accounts).flatMap(({ account, role }) =>
      role === undefined ? [] : [roleArn({ account, role, region: '' })],
    ),
  ),
]

/** @throws RigletError FILE | SETTINGS with every fault of the files */
async function declaredIn({ files }: Pick<Ports, 'files'>): Promise<Declared> {
  const [desired, said = {}, text] = await Promise.all([
    desiredImages({ files }),
    environmentsIn({ files }),
    files.readIfThere(groupsFile),
  ])
  const followed =
    text === undefined
      ? { accounts: {}, groups: {} }
      : (await import('../../core/groups/read-groups.ts')).readGroups(text)
  const ageIn = (name: Environment): number | null => {
    const declared = said[name]?.imageAge
    return declared === undefined ? usualImageAge : declared
  }
  return {
    groups: Object.keys(followed.groups).length > 0,
    readers: rolesOf(desired.accounts),
    followers: rolesOf(followed.accounts),
    ages: Object.fromEntries(environments.map((name) => [name, ageIn(name)])) as Record<Environment, number | null>,
  }
}

async function desiredOf(
  settings: ScheduleSettings,
  control: Control,
  ports: Pick<Ports, 'files'>,
): Promise<DesiredStack> {
  const [template, declared] = await Promise.all([ports.files.read(layer.template), declaredIn(ports)])
  const of = { riglet: rigletOf(settings), source: sourceOf(settings), control: controlKey(control), declared }
  return desiredStack(layer, of, template, settings)
}

export const changeSchedule = (
  purpose: 'create' | 'update',
  settings: ScheduleSettings,
  ports: Ports,
): Promise<number> => changeWithControl(purpose, scheduleSubject(settings), desiredOf, settings, ports)

export const planSchedule = (settings: ScheduleSettings, ports: Ports): Promise<void> =>
  planWithControl(scheduleSubject(settings), desiredOf, settings, ports)

/** A job that runs goes on to its end. */
export async function deleteSchedule(settings: ScheduleSettings, ports: Ports): Promise<number> {
  const subject = scheduleSubject(settings)
  const state = await findOurs(subject.stacks[0]!, marksOf(rigletOf(settings), sourceOf(settings)), ports)
  return deleteSubject(subject, { waves: [state === undefined ? [] : [state]] }, ports)
}

export const scheduleNoun = {
  subject: scheduleSubject,
  change: changeSchedule,
  plan: planSchedule,
  delete: deleteSchedule,
}
