import { RigletError } from '../../core/errors.ts'
import type { Ports } from '../../core/ports.ts'

/**
 * Puts the tools that builds need into the artifact bucket, unless they are there: named by their digests, once for
 * all builds. Where this machine cannot make them, the first build does.
 */
export async function seedTools(
  bucket: string,
  ports: Pick<Ports, 'buckets' | 'processes' | 'terminal'>,
): Promise<void> {
  for (const part of ['node', 'image']) {
    const key = await tool(['key', part], ports)
    if (key === '' || (await ports.buckets.has(bucket, key))) continue
    ports.terminal.say(`Sending the ${part} tools that builds need, once`)
    await ports.buckets.put(bucket, key, { file: await tool(['pack', part], ports) })
  }
}

async function tool(words: readonly string[], ports: Pick<Ports, 'processes'>): Promise<string> {
  const { code, stdout, stderr } = await ports.processes.run('bash', ['setup/build-tools', ...words])
  if (code !== 0)
    throw new RigletError(
      'TOOL_FAILED',
      `setup/build-tools ${words.join(' ')} failed: ${stderr.trim()}`,
      'Run make setup.',
    )
  return stdout.trim()
}
