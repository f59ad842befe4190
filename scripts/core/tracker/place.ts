import type { TrackerPlace } from '../ports/feeds/trackers.ts'
import { wrongPlace } from './errors.ts'

/**
 * Where the setting TRACKER says that trackers are kept.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 * @throws RigletError SETTINGS
 */
export function trackerPlace(text: string): TrackerPlace {
  const [, bucket] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(text) ?? []
  if (bucket !== undefined) return { type: 's3', bucket }
  const [, table] = /^dynamodb:\/\/([A-Za-z0-9_.-]{3,255})\/?$/.exec(text) ?? []
  if (table !== undefined) return { type: 'dynamodb', table }
  const [, folder] = /^file:(\S.*)$/.exec(text) ?? []
  if (folder !== undefined) return { type: 'file', folder }
  throw wrongPlace(text)
}
