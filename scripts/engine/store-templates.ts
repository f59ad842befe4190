import { templateInItself, templateTooLong } from '../core/stack/errors.ts'
import { sha256 } from '../core/canonical.ts'
import { templateKey } from '../core/names.ts'
import type { Ports } from '../core/ports/ports.ts'
import { bodyLimit, templateLimit } from '../core/stack/template/limits.ts'
import type { DesiredStack } from '../core/stack/desired.ts'
import { needOutput } from './own-stacks.ts'

/**
 * Puts templates that a request cannot carry into the bucket that their stacks name, each under its own digest, and returns
 * where they lie: template -> URL. Costs nothing while all templates are short.
 * @throws RigletError TEMPLATE above CloudFormation's own limit, STACK_NEEDED without a bucket
 */
export async function storeTemplates(
  desired: readonly DesiredStack[],
  ports: Pick<Ports, 'stacks' | 'buckets'>,
): Promise<ReadonlyMap<string, string>> {
  const urls = new Map<string, string>()
  for (const stack of desired) {
    const bytes = new TextEncoder().encode(stack.template).length
    if (bytes > templateLimit) throw templateTooLong(stack.file, bytes)
    if (bytes <= bodyLimit || urls.has(stack.template)) continue
    urls.set(stack.template, await store(stack, bytes, ports))
  }
  return urls
}

async function store(
  { file, template, tags, longTemplates }: DesiredStack,
  bytes: number,
  ports: Pick<Ports, 'stacks' | 'buckets'>,
): Promise<string> {
  if (longTemplates === undefined) throw templateInItself(file, bytes)
  const { Owner, Project } = tags
  const bucket = await needOutput(longTemplates.stack, { Owner, Project }, longTemplates.output, ports)
  const key = templateKey(sha256(template), file)
  if (!(await ports.buckets.has(bucket, key))) await ports.buckets.put(bucket, key, template)
  return ports.buckets.url(bucket, key)
}
