import { isRigletError } from '../../core/errors.ts'
import { controlIn, controlKey, type Control } from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { ControlStatus } from '../../core/riglet/status.ts'
import { readControl } from '../pipeline/release-control.ts'

type LocalPorts = Pick<Ports, 'git' | 'files' | 'processes'>

/** What a pipeline's jobs run, by the key that it was given, and how what stands here compares. No call to AWS. */
export async function compareControl(key: string, here: Here, { git }: LocalPorts): Promise<ControlStatus | null> {
  const runs = controlIn(key)
  if (runs === undefined) return null
  if (here.type !== 'control') return { ...runs, here: here.type }
  if (controlKey(here.control) === key) return { ...runs, here: 'same' }
  const relation = await git.relation(here.control.commit, runs.commit)
  return { ...runs, here: relation === 'newer' || relation === 'older' ? relation : 'other' }
}

export type Here =
  { readonly type: 'control'; readonly control: Control } | { readonly type: 'uncommitted' | 'unknown' }

/** What this checkout would release. Somewhere without git or tools that is not known, and no fault. */
export async function controlHere(ports: LocalPorts): Promise<Here> {
  try {
    return { type: 'control', control: await readControl(ports) }
  } catch (error) {
    if (!isRigletError(error)) throw error
    return { type: error.code === 'PIPELINE' ? 'uncommitted' : 'unknown' }
  }
}
