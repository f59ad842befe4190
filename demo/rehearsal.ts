import { RigletError } from '../scripts/core/errors.ts'
import type { Ports } from '../scripts/core/ports/ports.ts'

type Tools = Pick<Ports, 'processes'>

/** Starts a rehearsal of this name, or finds it up; returns the variables that lead a client there. */
export async function rehearsalUp(name: string, ports: Tools): Promise<Record<string, string>> {
  const { code, stdout } = await ports.processes.run('make', ['-s', 'aws-up', `REHEARSAL=${name}`, 'PORT=0'], {
    show: true,
  })
  if (code !== 0) throw new RigletError('TOOL_FAILED', 'The rehearsal did not start; its words stand above.')
  return Object.fromEntries([...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]))
}

export async function rehearsalDown(name: string, ports: Tools): Promise<void> {
  const { code } = await ports.processes.run('make', ['-s', 'aws-down', `REHEARSAL=${name}`], { show: true })
  if (code !== 0) throw new RigletError('TOOL_FAILED', 'The rehearsal did not end; its words stand above.')
}
