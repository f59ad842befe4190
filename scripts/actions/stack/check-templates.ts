import { templateFault } from '../../core/catalogue/stacks.ts'
import type { WantedStack } from '../../core/stack/wanted.ts'

/**
 * Faults of form are found here, with their lines, before anything is asked of AWS.
 * @throws RigletError TEMPLATE
 */
export async function checkTemplates(wanted: readonly WantedStack[]): Promise<void> {
  // Only what is going to be planned is parsed, and the parser loaded.
  const { templateFaults } = await import('../../core/stack/template-faults.ts')
  for (const { file, template } of new Map(wanted.map((stack) => [stack.file, stack])).values()) {
    const [fault] = templateFaults(template)
    if (fault !== undefined) throw templateFault(`${file}:${fault.line}:${fault.column}`, fault.what)
  }
}
