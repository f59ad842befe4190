import { readable } from '../../core/image/packer/packer-output.ts'
import { reasonsOf } from '../../core/image/packer/packer-reasons.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** Runs a build, shows its steps as they come, and tells why it failed if it did. */
export async function runPacker(
  target: string,
  variables: Readonly<Record<string, string>>,
  ports: Pick<Ports, 'packer' | 'terminal'>,
  options: { readonly varFile?: string } = {},
): Promise<{ readonly code: number; readonly reasons: readonly string[] }> {
  const lines: string[] = []
  const onLine = (line: string): void => {
    lines.push(line)
    const shown = readable(line)
    if (shown !== undefined) ports.terminal.say(shown)
  }
  const { code } = await ports.packer.build(target, variables, { ...options, onLine })
  return { code, reasons: code === 0 ? [] : reasonsOf(lines) }
}
