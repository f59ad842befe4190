import { createHash } from 'node:crypto'
import type { DesiredStack } from '../desired.ts'

const sorted = (record: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1))

/**
 * Of template, parameters and tags. It is kept as the stack's unused parameter `Digest`, so that one DescribeStacks
 * tells that nothing changed; a tag would spread to every resource.
 */
export const digestOf = ({
  template,
  parameters,
  tags,
}: Pick<DesiredStack, 'template' | 'parameters' | 'tags'>): string =>
  createHash('sha256')
    .update(JSON.stringify([template, sorted(parameters), sorted(tags)]))
    .digest('hex')
    .slice(0, 32)

/**
 * Of a template with every value in force, defaults included. Kept behind the digest it tells without reading the
 * template that nobody has changed a parameter since.
 */
export const sealOf = (
  { template, tags }: Pick<DesiredStack, 'template' | 'tags'>,
  inForce: Readonly<Record<string, string>>,
): string => digestOf({ template, tags, parameters: { ...inForce, Digest: 'sealed' } })
