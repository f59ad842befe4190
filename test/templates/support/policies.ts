import { statementsOf, type Statement } from './statements.ts'
import { loadTemplate, templateFile, templateNames, type Template } from './template.ts'

/** Patterns of actions that are meant as such, with the reason. */
export const patterns: Readonly<Record<string, string>> = {
  'autoscaling:Describe*': 'reading only; CloudFormation asks for the pattern itself, and no resource can be named',
  'cloudwatch:PutMetricData': 'bound to one namespace by its condition, as AWS documents it',
  'ec2:Describe*': 'reading only; next to none of them can be bound to resources',
  'elasticloadbalancing:Describe*': 'reading only; CloudFormation asks for the pattern itself',
  'kms:GenerateDataKey*': 'with and without plaintext; the key is named',
  'kms:ReEncrypt*': 'from and to; the key is named',
}

export const everyTemplate = async (): Promise<
  readonly { file: string; template: Template; statements: readonly Statement[] }[]
> =>
  Promise.all(
    templateNames.map(async (name) => {
      const template = await loadTemplate(name)
      return { file: templateFile(name), template, statements: statementsOf(template) }
    }),
  )

export const everyStatement = async (): Promise<readonly (Statement & { readonly file: string })[]> =>
  (await everyTemplate()).flatMap(({ file, statements }) => statements.map((statement) => ({ ...statement, file })))
