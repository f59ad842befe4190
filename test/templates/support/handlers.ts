import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { matches } from './statements.ts'

/** Type -> handler (create, read, update, delete, list, tagging) -> actions. */
export type HandlerPermissions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

const script = 'test/templates/support/handler_permissions.py'

/** What the registry's schemas say, read from cfn-lint's own. */
export async function handlerPermissions(types: readonly string[]): Promise<HandlerPermissions> {
  const { stdout } = await promisify(execFile)('rehearsal/.venv/bin/python', [script, 'us-east-1', ...types], {
    maxBuffer: 16_000_000,
  })
  return JSON.parse(stdout) as HandlerPermissions
}

/** Action -> what needs it, as `Role create`. CloudFormation never lists while it deploys. */
export function neededActions(permissions: HandlerPermissions): Map<string, string[]> {
  const needed = new Map<string, string[]>()
  for (const [type, handlers] of Object.entries(permissions))
    for (const [handler, actions] of Object.entries(handlers))
      if (handler !== 'list')
        for (const action of actions)
          needed.set(action, [...(needed.get(action) ?? []), `${type.split('::')[2]} ${handler}`])
  return needed
}

/** A needed pattern such as `ec2:Describe*` is covered only by a granted pattern that is as wide. */
export const covered = (action: string, granted: readonly string[]): boolean =>
  granted.some((pattern) => matches(pattern, action))

/** Whether anything needs what is granted; a needed `ec2:Describe*` needs `ec2:DescribeImages`, too. */
export const desired = (granted: string, needed: Iterable<string>): boolean =>
  [...needed].some((action) => matches(granted, action) || matches(action, granted))
