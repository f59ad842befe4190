import type { WantedStack } from '../../core/stack/wanted.ts'

/**
 * Faults of form are found here, with their lines, before anything is asked of AWS.
 * @throws RigletError TEMPLATE
 */
export async function checkTemplates(wanted: readonly WantedStack[]): Promise<void> {
  // Only what is going to be planned is parsed, and the parser loaded.
  const { readTemplate } = await import('../../core/stack/read-template.ts')
  for (const { file, template } of new Map(wanted.map((stack) => [stack.file, stack])).values()) {
    readTemplate(file, template)
  }
}
