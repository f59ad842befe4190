import { firstCause } from '../../core/stack/first-cause.ts'
import type { Ports } from '../../core/ports/ports.ts'

/**
 * The cause behind a failed action: the first resource that failed in its stack, or the end of its build's log.
 * `external` is what CodePipeline calls the external execution: a build id or a stack's ARN.
 */
export async function whyActionFailed(external: string, error: string, ports: Ports): Promise<string> {
  if (external.includes(':stack/')) {
    const stack = external.startsWith('arn:')
      ? external
      : (/(arn:aws[\w-]*:cloudformation:[^\s]+:stack\/[^\s]+)/.exec(external)?.[1] ?? external)
    const events = await ports.stacks.events(stack, { type: 'latest' })
    const cause = firstCause(events, stack)
    if (cause !== undefined) return [cause, error].filter((line) => line !== '').join('\n')
  }
  if (/^[A-Za-z0-9_-]+:[0-9a-f-]{36}$/.test(external)) {
    const story = await ports.pipelines.build(external)
    const log = story.log.map((line) => `  | ${line}`).join('\n')
    return `${story.phase}: ${story.message}\n${log}`
  }
  return error === '' ? 'no reason was given' : error
}
