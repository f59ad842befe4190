import { render } from './render.ts'
import { loadTemplate, type Value } from './template.ts'

export type Action = {
  readonly Name: string
  readonly RunOrder?: number
  readonly Namespace?: string
  readonly ActionTypeId: { readonly Category: string; readonly Provider: string }
  readonly Configuration: Readonly<Record<string, Value>>
}
export type Rules = {
  readonly Conditions: readonly { readonly Result: string; readonly Rules: readonly { Configuration: unknown }[] }[]
}
type Stage = {
  readonly Name: string
  readonly BeforeEntry?: Rules
  readonly OnFailure?: unknown
  readonly Actions: readonly Action[]
}

export const pipeline = async () => (await loadTemplate('pipeline')).Resources['Pipeline']!.Properties!
type Entry = Stage | { readonly 'Fn::If': readonly [condition: string, stage: Stage, none: unknown] }
export const entries = async (): Promise<readonly Entry[]> => (await pipeline())['Stages'] as unknown as Entry[]
/** As it is unless a setting says otherwise. */
export const stages = async (): Promise<readonly Stage[]> =>
  (await entries()).flatMap((entry) =>
    'Name' in entry ? [entry] : entry['Fn::If'][0] === 'HasDeployments' ? [entry['Fn::If'][1]] : [],
  )
/** Those of a pipeline that ships nothing. */
export const always = async (): Promise<readonly Stage[]> => (await entries()).filter((entry) => 'Name' in entry)
/** The stage that a setting adds. */
export const added = async () =>
  (await entries()).flatMap((entry) =>
    'Fn::If' in entry && entry['Fn::If'][0] !== 'HasDeployments' ? [entry['Fn::If']] : [],
  )
export const text = (value: Value | undefined): string =>
  typeof value === 'object' && value !== null && 'Fn::Sub' in value ? String(value['Fn::Sub']) : String(value)
export const stage = async (name: string): Promise<Stage> => (await stages()).find(({ Name }) => Name === name)!
export const names = (actions: readonly Action[]): string[] => actions.map(({ Name }) => Name)
export const stackOf = ({ Configuration }: Action): string => String(render(Configuration['StackName']!))
export const variables = ({ Configuration }: Action): Record<string, string> =>
  Object.fromEntries(
    (JSON.parse(text(Configuration['EnvironmentVariables'])) as { name: string; value: string }[]).map(
      ({ name, value }) => [name, value],
    ),
  )
export const deploying = (all: readonly Stage[]): readonly Action[] =>
  all.flatMap(({ Actions }) => Actions.filter(({ Configuration }) => Configuration['TemplatePath'] !== undefined))
