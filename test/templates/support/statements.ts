import { render, type Known } from './render.ts'
import type { Template, Tree, Value } from './template.ts'

export type Statement = {
  readonly role: string
  readonly policy: string
  readonly sid: string
  readonly effect: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition: Readonly<Record<string, Readonly<Record<string, Value>>>>
}

export type Policy = {
  readonly role: string
  readonly name: string
  readonly kind: 'inline' | 'managed'
  readonly document: Tree
}

const list = (value: Value | undefined): Value[] =>
  value === undefined ? [] : Array.isArray(value) ? [...(value as Value[])] : [value]

/** The identity policies of a template, by role: those inside roles, and those that are attached to roles. */
export function policiesOf(template: Template, known?: Known): Policy[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]): Policy[] => {
    switch (Type) {
      case 'AWS::IAM::Role':
        return list(Properties['Policies']).map((policy) => {
          const { PolicyName, PolicyDocument } = policy as { PolicyName: string; PolicyDocument: Tree }
          return { role: id, name: PolicyName, kind: 'inline', document: render(PolicyDocument, known) as Tree }
        })
      case 'AWS::IAM::Policy':
        return list(Properties['Roles']).map((role) => ({
          role: (role as { Ref: string }).Ref,
          name: id,
          kind: 'inline',
          document: render(Properties['PolicyDocument']!, known) as Tree,
        }))
      case 'AWS::IAM::ManagedPolicy':
        return [{ role: id, name: id, kind: 'managed', document: render(Properties['PolicyDocument']!, known) as Tree }]
      default:
        return []
    }
  })
}

export const statementsOf = (template: Template, known?: Known): Statement[] =>
  policiesOf(template, known).flatMap(({ role, name, document }) =>
    (document['Statement'] as Tree[]).map((statement) => ({
      role,
      policy: name,
      sid: String(statement['Sid'] ?? ''),
      effect: String(statement['Effect']),
      actions: list(statement['Action']).map(String),
      resources: list(statement['Resource']).map(String),
      condition: (statement['Condition'] ?? {}) as Statement['condition'],
    })),
  )

export const where = ({ role, policy, sid }: Statement): string => `${role}/${policy}/${sid}`

/** IAM's wildcards: `*` is any text, `?` any character. */
export const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(text)
